/** Free ports, and who holds a busy one. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { commandOf } from './processes.mjs';

/** True when `port` can be listened on (on every address, as the server does, unless `host` says otherwise). */
export function isFree(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The wanted port when it is free on loopback, else any free one. */
export async function pickPort(wanted) {
  if (wanted && (await isFree(wanted)) && (await isFree(wanted, '127.0.0.1'))) return wanted;
  return await freePort();
}

/** `count` different free ports; they are held together while they are picked. */
export async function freePorts(count) {
  const servers = [];
  for (let i = 0; i < count; i += 1) servers.push(await listen());
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export async function freePort() {
  return (await freePorts(1))[0];
}

/**
 * The process that listens on a TCP port.
 * @returns {{ pid: number, command: string } | undefined} undefined when the system doesn't tell (another user's)
 */
export function portHolder(port) {
  const pid = process.platform === 'linux' ? linuxHolder(port) : lsofHolder(port);
  return pid === undefined ? undefined : { pid, command: commandOf(pid) };
}

/** One sentence about a busy port. */
export function busySentence(port, hint) {
  const holder = portHolder(port);
  const who = holder ? `process ${holder.pid} (${holder.command.slice(0, 120)})` : 'another process';
  return `Port ${port} is in use by ${who}: ${hint}`;
}

function linuxHolder(port) {
  const inodes = new Set();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(table).slice(1)) {
      const columns = line.trim().split(/\s+/);
      const [, local = '', , state] = columns;
      if (state === '0A' && Number.parseInt(local.split(':')[1] ?? '', 16) === port)
        inodes.add(`socket:[${columns[9]}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const fd of list(`/proc/${pid}/fd`)) {
      if (inodes.has(link(`/proc/${pid}/fd/${fd}`))) return Number(pid);
    }
  }
  return undefined;
}

function lsofHolder(port) {
  try {
    const out = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return Number(out.trim().split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

function listen() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function readLines(path) {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

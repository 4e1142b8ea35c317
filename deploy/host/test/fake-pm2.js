#!/usr/bin/env node
/**
 * Behaves as pm2 does where the host program looks: a daemon of its own session, applications that get SIGINT at `kill`, exit
 * code 0 whatever becomes of them. What the release does wrong is in its behaviour.json.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const home = process.env.PM2_HOME;
const pidFile = join(home, 'pm2.pid');
const behaviour = JSON.parse(readFileSync('behaviour.json', 'utf8'));
const settings = JSON.parse(readFileSync(process.env.DENGJI_SETTINGS, 'utf8'));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const commands = {
  async start() {
    if (behaviour.hangInStart) await new Promise(() => setInterval(() => {}, 1000));
    const child = spawn(process.execPath, [process.argv[1], 'daemon', 'x'.repeat(60)], {
      detached: true,
      stdio: 'ignore',
    });
    child.unref();
    writeFileSync(pidFile, String(child.pid));
  },
  async kill() {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    process.kill(pid, 'SIGTERM');
    while (alive(pid)) await wait(10);
  },
  jlist() {
    const status = behaviour.dies ? 'errored' : 'online';
    process.stdout.write(
      JSON.stringify([{ name: 'api', pid: 1, pm2_env: { status, restart_time: behaviour.dies ? 16 : 0 } }]),
    );
  },
  daemon() {
    process.title = 'PM2 v0.0.0: God Daemon';
    const { ports, processes } = settings;
    const canary = process.env.DENGJI_SIDE === 'canary';
    const [api, internal] = canary ? [ports.canaryApi, ports.canaryInternal] : [ports.api, ports.internal];
    const many = Array.from({ length: processes.api }, (_, at) => [at === 0 ? api : 0, internal + at]);
    const wanted = canary ? many : [...many, [0, ports.worker]];
    const children = wanted.map(([port, inner]) =>
      spawn(process.execPath, ['server.mjs', String(port), String(inner)], { stdio: 'ignore' }),
    );
    process.on('SIGTERM', async () => {
      for (const child of children) child.kill('SIGINT');
      while (children.some((child) => child.exitCode === null && child.signalCode === null)) await wait(10);
      if (existsSync(pidFile)) rmSync(pidFile);
      process.exit(0);
    });
    setInterval(() => {}, 1000);
  },
};
await commands[process.argv[2]]();

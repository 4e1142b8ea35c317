/** A host's nginx as it is in production, from its own templates, with what it stands in front of left to the test. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, stopProcess } from '../../scripts/lib/children.mjs';
import { removeLater } from '../../scripts/lib/databases.mjs';
import { render } from '../render.mjs';
import type { HostSettings } from '../settings.mjs';
import { ownAddress } from './address.ts';

export const CANARY_KEY = 'a key of tests, at least sixteen'.replaceAll(/[ ,]/g, '-');

/** Debian keeps it out of the PATH of ordinary users. */
export const PROGRAM = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';

export interface TestHost {
  settings: HostSettings;
  root: string;
  /** Writes a file below the host's root. */
  write(path: string, text: string | Buffer): void;
  drain(on: boolean): void;
  /** Lines of the access or the health log, once there are `count` that fit. */
  lines(log: 'access' | 'health', count: number, fits?: (line: LogLine) => boolean): Promise<LogLine[]>;
  errors(): string;
  reload(): Promise<void>;
  stop(): Promise<void>;
}

export type LogLine = Record<string, string | number>;

export const PORTS = {
  http: 8080,
  https: 8443,
  status: 8081,
  api: 3000,
  internal: 3010,
  worker: 3030,
  canaryApi: 3100,
};

export const settingsOf = (root: string, over: Partial<HostSettings> = {}): HostSettings => {
  const address = over.address ?? ownAddress();
  return {
    host: 'h1',
    root: join(root, 'srv'),
    runtime: join(root, 'run'),
    logs: join(root, 'log'),
    user: userInfo().username,
    address,
    loopback: address,
    ports: PORTS,
    serverName: '_',
    publicOrigin: 'https://reg.example.cn',
    tls: { at: 'slb' },
    proxyProtocol: false,
    slb: { addresses: ['127.0.0.0/8'] },
    peers: [],
    canary: { key: CANARY_KEY },
    ...over,
  };
};

/** Starts nginx; a release `r1` with one page of each app is there unless the test writes others. */
export async function startHost(over: Partial<HostSettings> = {}): Promise<TestHost> {
  const folder = mkdtempSync(join(tmpdir(), 'dengji-nginx-'));
  removeLater(folder);
  const settings = settingsOf(folder, over);
  const { root, runtime, logs } = settings;
  for (const one of [`${root}/nginx`, `${root}/state`, `${root}/assets`, runtime, logs])
    mkdirSync(one, { recursive: true });
  const write = (path: string, text: string | Buffer) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const app of ['register', 'business', 'system']) write(`current/web/dist/${app}/index.html`, `<p>${app} r1</p>`);
  for (const [name, text] of Object.entries(render(settings, { build: 'r1' }))) write(`nginx/${name}`, text);
  write('current/rendered/nginx/version.json', '{"build":"r1"}');

  const out = join(folder, 'nginx.out');
  const { pid, exited } = startChild(PROGRAM, ['-c', join(root, 'nginx/nginx.conf'), '-g', 'daemon off;'], {
    log: out,
  });
  if (!pid) throw new Error('nginx is not installed');
  const ended = exited.then(() => {
    throw new Error(`nginx ended: ${readFileSync(out, 'utf8')}`);
  });
  ended.catch(() => undefined);
  await Promise.race([ended, untilOpen(settings.address, settings.ports.https)]);

  const flag = join(runtime, 'drain');
  const read = (name: string) => (existsSync(join(logs, name)) ? readFileSync(join(logs, name), 'utf8') : '');
  return {
    settings,
    root,
    write,
    drain: (on) => (on ? writeFileSync(flag, '') : rmSync(flag, { force: true })),
    lines: (log, count, fits = () => true) =>
      until(`${count} lines in ${log}.log`, () => {
        const whole = read(`${log}.log`).split('\n').slice(0, -1);
        const found = whole.map((line) => JSON.parse(line) as LogLine).filter(fits);
        return found.length >= count ? found : undefined;
      }),
    errors: () => read('nginx-error.log'),
    reload: async () => {
      const workers = workersOf(pid);
      process.kill(pid, 'SIGHUP');
      await until('new workers', () => workersOf(pid).some((one) => !workers.includes(one)) || undefined);
    },
    stop: async () => {
      await stopProcess(pid, 5_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const workersOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');

export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(25);
  }
  throw new Error(`never came: ${what}`);
}

const untilOpen = (host: string, port: number) =>
  until(`a listener on ${host}:${port}`, () => {
    const socket = connect({ host, port });
    return new Promise<true | undefined>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(undefined));
    }).finally(() => socket.destroy());
  });

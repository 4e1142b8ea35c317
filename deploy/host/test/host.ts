import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
export const PROGRAM = here('../main.mjs');

export interface Behaviour {
  dies?: boolean;
  neverReady?: boolean;
  smokeFails?: boolean;
  noDatabase?: boolean;
  hangInStart?: boolean;
  build?: string;
  /** What nginx's configuration says. */
  nginx?: string;
  startMs?: number;
  stopMs?: number;
}

export interface Answer {
  exit: number | null;
  /** The last line. */
  json: any;
  /** The lines before it. */
  samples: any[];
}

/** Ids in the order in which they are older. */
export const release = (at: number): string => `20261121-1200${String(at).padStart(2, '0')}-abcdef${at}`;

/**
 * A host in a folder of its own: the real host program, a pm2 and a server that stand in for the real ones, and an nginx that
 * shows pages, counts (`counters`) and is probed (`probe`). Everything started here ends with `close`.
 */
export async function makeHost(options: { peers?: boolean; lease?: number } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'dengji-host-'));
  const free = await freePorts(9);
  const names = ['http', 'https', 'status', 'api', 'internal', 'worker', 'canaryApi', 'canaryInternal'] as const;
  const ports = Object.fromEntries(names.map((name, at) => [name, free[at]])) as Record<(typeof names)[number], number>;
  const settings = {
    environment: 'test',
    host: 'one',
    root,
    runtime: join(root, 'run'),
    logs: join(root, 'logs'),
    user: 'dengji',
    address: '127.0.0.1',
    loopback: '127.0.0.1',
    ports,
    serverName: '_',
    publicOrigin: 'http://localhost',
    tls: { at: 'slb' },
    proxyProtocol: false,
    slb: { addresses: ['127.0.0.0/8'], check: { intervalS: 60, fall: 2, rise: 2 } },
    peers: options.peers === false ? [] : [{ name: 'two', address: '127.0.0.1' }],
    processes: { api: 1, memoryMb: 100 },
    canary: { key: 'k'.repeat(32) },
    lease: { seconds: options.lease ?? 25 },
    drain: { deadlineS: 30 },
    commands: { nginxTest: ['true'], nginxReload: ['sh', '-c', `echo reload >> ${root}/reloads`] },
    errorLogLevel: 'warn',
  };
  const children = new Set<ChildProcess>();
  const closers: (() => Promise<unknown> | void)[] = [];
  const counters = { writing: 1, waiting: 0, reading: 0 };
  await mkdir(settings.logs, { recursive: true });
  await writeFile(join(root, 'settings.json'), JSON.stringify(settings));
  const nginx = await fakeNginx(root, ports.status, counters);
  closers.push(() => new Promise((resolve) => nginx.close(resolve)));

  /** Starts a command of the host program. */
  function begin(args: string[], input?: string | Buffer, close = true) {
    const child = spawn(process.execPath, [PROGRAM, '--root', root, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.add(child);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.stdin.on('error', () => {});
    if (input !== undefined) child.stdin.end(input);
    else if (close) child.stdin.end();
    const answer = new Promise<Answer>((resolve) => {
      child.on('close', (exit) => {
        children.delete(child);
        const lines = text.trim().split('\n').filter(Boolean);
        const parsed = lines.map((line) => JSON.parse(line));
        resolve({ exit, json: parsed.at(-1), samples: parsed.slice(0, -1) });
      });
    });
    return { child, answer };
  }
  const call = (args: string[], input?: string | Buffer) => begin(args, input).answer;
  /** The same, for a command that must succeed. */
  const ok = async (...args: string[]) => {
    const answer = await call(args);
    if (answer.exit !== 0) throw new Error(`${args.join(' ')}: ${answer.exit} ${JSON.stringify(answer.json)}`);
    return answer.json;
  };

  /** Lays a release down as `receive` would. */
  async function addRelease(id: string, behaviour: Behaviour = {}) {
    const folder = join(root, 'releases', id);
    await mkdir(join(folder, 'node_modules/pm2/bin'), { recursive: true });
    await mkdir(join(folder, 'web/dist/register'), { recursive: true });
    await mkdir(join(folder, 'web/dist/assets'), { recursive: true });
    await cp(here('fake-pm2.js'), join(folder, 'node_modules/pm2/bin/pm2'));
    await cp(here('fake-server.js'), join(folder, 'server.mjs'));
    await mkdir(join(folder, 'nginx'));
    await cp(here('fake-render.js'), join(folder, 'nginx/render.mjs'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'release.json'), JSON.stringify({ id, migrations: [] }));
    await writeFile(join(folder, 'behaviour.json'), JSON.stringify(behaviour));
    await writeFile(join(folder, 'web/dist/assets', `${id}.js`), id);
    await writeFile(join(folder, 'web/dist/register/index.html'), `<script src="/assets/${id}.js"></script>`);
    return folder;
  }

  /** Takes the lock, for other holders than the last. */
  const take = async (name = 'op', lease = 3600): Promise<number> =>
    (await ok('lock', 'take', '--holder', JSON.stringify({ name }), '--lease', String(lease))).fence;

  /** The whole road to a release, as a plan goes it. */
  async function deploy(id: string, fence: number) {
    const f = ['--fence', String(fence)];
    await ok('publish', id, ...f);
    await ok('drain', '--for', id, ...f);
    await ok('wait', 'drained', '--deadline', '10', ...f);
    await ok('stop', ...f);
    await ok('switch', id, ...f);
    await ok('start', ...f);
    await ok('smoke', id, ...f);
    await ok('join', ...f);
  }

  /** Probes as a node of the load balancer does, until the host is closed. */
  function probe(prober: string, everyMs = 40) {
    const timer = setInterval(() => {
      const status = existsSync(join(settings.runtime, 'drain')) ? 503 : 200;
      void appendFile(
        join(settings.logs, 'health.log'),
        `${JSON.stringify({ t: Date.now() / 1000, prober, status })}\n`,
      );
    }, everyMs);
    const stop = () => clearInterval(timer);
    closers.push(stop);
    return stop;
  }

  async function close() {
    for (const stop of closers) await stop();
    for (const child of children) child.kill('SIGKILL');
    const { processes } = (await call(['facts'])).json;
    for (const { pid } of processes) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone
      }
    }
    await rm(root, { recursive: true, force: true });
  }

  const facts = () => ok('facts');
  const file = (name: string) => readFile(join(root, name), 'utf8').catch(() => null);
  return { root, settings, counters, begin, call, ok, addRelease, take, deploy, probe, facts, file, close };
}
export type TestHost = Awaited<ReturnType<typeof makeHost>>;

/** Waits for a condition; the test's own limit ends a wait that never does. */
export async function until<T>(what: () => Promise<T> | T): Promise<NonNullable<T>> {
  for (;;) {
    const value = await what();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

function fakeNginx(root: string, port: number, counters: { reading: number; writing: number; waiting: number }) {
  const server = createServer((request, response) => {
    void (async () => {
      const url = request.url ?? '/';
      if (url === '/status') {
        const { reading, writing, waiting } = counters;
        response.end(
          `Active connections: 1 \nserver\n 1 1 1\nReading: ${reading} Writing: ${writing} Waiting: ${waiting} \n`,
        );
        return;
      }
      const path = url === '/register/' ? 'current/web/dist/register/index.html' : url.slice(1);
      const body = await readFile(join(root, path)).catch(() => null);
      response.writeHead(body ? 200 : 404).end(body);
    })();
  });
  return new Promise<Server>((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<Server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeLater } from '../../scripts/lib/databases.mjs';
import { ownAddress } from '../../nginx/test/address.ts';
import { until } from '../../nginx/test/host.ts';
import { ask } from '../../nginx/test/http.ts';
import { exampleSettings } from './test/settings.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const ID = '20261121-120000-abcdef0';

interface App {
  name: string;
  cwd: string;
  script: string;
  env: Record<string, string>;
  [key: string]: unknown;
}

/** A server of a few lines in place of the real one: it says what it was told, and takes its time to go. */
const STAND_IN = `
import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';
const { PORT, HOST, INTERNAL_PORT, INTERNAL_HOST, ROLE, WORKER_PORT, LOG_FILE } = process.env;
const say = (text) => appendFileSync(LOG_FILE, JSON.stringify({ text, pid: process.pid }) + '\\n');
const told = (req, res) => setTimeout(() => res.end(JSON.stringify({ pid: process.pid, cwd: process.cwd(), env: process.env })), req.url === '/slow' ? 1500 : 0);
const server = createServer(told);
const inner = createServer(told);
if (ROLE === 'api') server.listen(Number(PORT), HOST);
inner.listen(Number(ROLE === 'api' ? INTERNAL_PORT : WORKER_PORT), INTERNAL_HOST, () => { say('ready'); process.send('ready'); });
process.on('SIGINT', () => { say('stopping'); inner.close(); inner.closeAllConnections(); server.close(() => { say('stopped'); process.exit(0); }); server.closeIdleConnections(); if (ROLE !== 'api') process.exit(0); });
`;

describe('what pm2 runs of a release', () => {
  let folder: string;
  let release: string;
  const address = ownAddress();
  const peer = ownAddress();
  const settings = () => ({
    ...exampleSettings({
      hosts: [
        { name: 'h1', address, loopback: address },
        { name: 'h2', address: peer },
      ],
    }),
    root: join(folder, 'srv'),
    logs: join(folder, 'log'),
    runtime: join(folder, 'run'),
  });
  const environment = (side: string) => ({
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: folder,
    PM2_HOME: join(folder, 'pm2', side),
    PM2_DISABLE_VERSION_CHECK: '1',
    PM2_DISCRETE_MODE: 'true',
    PM2_CONCURRENT_ACTIONS: '32',
    DENGJI_SIDE: side,
  });
  const pm2 = (side: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(repository, 'node_modules/pm2/bin/pm2'), ...args], {
      cwd: join(folder, 'srv/current'),
      env: environment(side),
      encoding: 'utf8',
      timeout: 100_000,
    });
  /** The apps as the file exports them. */
  const apps = (side: string): App[] => {
    const code = `import('./ecosystem.config.js').then((file) => process.stdout.write(JSON.stringify(file.apps)))`;
    const options = {
      cwd: join(folder, 'srv/current'),
      env: environment(side),
      encoding: 'utf8',
      stdio: 'pipe',
    } as const;
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], options)) as App[];
  };
  const told = async (port: number, path = '/') =>
    JSON.parse((await ask({ host: address, port, path })).body) as {
      pid: number;
      cwd: string;
      env: Record<string, string>;
    };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dengji-pm2-'));
    removeLater(folder);
    release = join(folder, 'srv/releases', ID);
    for (const path of [join(release, 'server/dist/src'), join(folder, 'log'), join(folder, 'srv/env')])
      mkdirSync(path, { recursive: true });
    cpSync(join(repository, 'ecosystem.config.js'), join(release, 'ecosystem.config.js'));
    writeFileSync(join(release, 'package.json'), '{"type":"module"}');
    writeFileSync(join(release, 'release.json'), JSON.stringify({ id: ID }));
    writeFileSync(join(release, 'server/dist/src/main.js'), STAND_IN);
    writeFileSync(
      join(folder, 'srv/env/dengji.env'),
      `# secrets\nINDEX_KEY="a=b"\nDATA_KEYS={"current":"k1"}\n\nPORT=1\nROLE=seed\nTRUSTED_PROXIES=0.0.0.0/0\n`,
    );
    writeFileSync(join(folder, 'srv/settings.json'), JSON.stringify(settings()));
    symlinkSync(`releases/${ID}`, join(folder, 'srv/current'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('the main side has API processes and a worker, with paths of the release and not of the symlink', () => {
    const [first, second, worker, ...rest] = apps('main');
    expect([first!.name, second!.name, worker!.name, rest.length]).toEqual(['api-0', 'api-1', 'worker', 0]);
    for (const app of [first!, second!, worker!])
      expect([app.cwd, app.script]).toEqual([release, join(release, 'server/dist/src/main.js')]);
    const { ports } = settings();
    expect(first!.env).toMatchObject({
      ...{ NODE_ENV: 'production', ROLE: 'api', BUILD: ID, HOST: address, PORT: String(ports.api), WEB_ROOT: '' },
      ...{
        INTERNAL_HOST: address,
        INTERNAL_PORT: String(ports.internal),
        TRUSTED_PROXIES: `127.0.0.1,${address},${peer}`,
      },
      ...{ INDEX_KEY: 'a=b', DATA_KEYS: '{"current":"k1"}', PUBLIC_ORIGIN: 'https://reg.example.cn' },
    });
    expect(second!.env['INTERNAL_PORT']).toBe(String(ports.internal + 1));
    expect(worker!.env).toMatchObject({ ROLE: 'worker', WORKER_PORT: String(ports.worker) });
  });

  it('a process may take longer to stop than any request, drain and forced exit of the server', () => {
    const stop = readFileSync(join(repository, 'server/src/roles/stop.ts'), 'utf8');
    const forced = Number(/FORCED_EXIT_MS = ([\d_]+)/.exec(stop)![1]!.replaceAll('_', ''));
    for (const app of apps('main')) expect(app['kill_timeout']).toBeGreaterThan(forced);
  });

  it('a canary has ports of its own and no worker; any other side is refused', () => {
    const { ports } = settings();
    const [first, second, ...rest] = apps('canary');
    expect(rest).toEqual([]);
    expect([first!.env['PORT'], first!.env['INTERNAL_PORT'], second!.env['INTERNAL_PORT']]).toEqual(
      [ports.canaryApi, ports.canaryInternal, ports.canaryInternal + 1].map(String),
    );
    expect(() => apps('left')).toThrow(/must be main or canary/);
  });

  it('really starts, shares the port, logs by itself, and finishes what is in flight when it stops', async () => {
    const { ports } = settings();
    pm2('main', 'start', 'ecosystem.config.js');
    try {
      const [a, b, worker] = await Promise.all([told(ports.internal), told(ports.internal + 1), told(ports.worker)]);
      expect(new Set([a.pid, b.pid, worker.pid]).size).toBe(3);
      for (const one of [a, b, worker]) expect([one.cwd, one.env['BUILD']]).toEqual([release, ID]);
      const served = await until('both processes serve', async () => {
        const pids = new Set(await Promise.all(Array.from({ length: 10 }, async () => (await told(ports.api)).pid)));
        return pids.size === 2 ? pids : undefined;
      });
      expect([...served].toSorted()).toEqual([a.pid, b.pid].toSorted());
      const slow = told(ports.api, '/slow');
      await until('the slow request is in', () => told(ports.internal));
      pm2('main', 'kill');
      expect((await slow).env['BUILD']).toBe(ID);
    } finally {
      pm2('main', 'kill');
    }
    const log = readFileSync(join(folder, 'log/api.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text);
    expect(log.toSorted()).toEqual(['ready', 'ready', 'stopped', 'stopped', 'stopping', 'stopping']);
  });
});

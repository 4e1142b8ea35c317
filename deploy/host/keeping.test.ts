import { createHmac } from 'node:crypto';
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programFiles } from '../steps/program.ts';
import { programName } from './programs.mjs';
import { makeHost, PROGRAM, release, type TestHost } from './test/host.ts';

let host: TestHost;
let fence: string;
beforeEach(async () => {
  host = await makeHost();
  fence = String(await host.take());
});
afterEach(() => host.close());

const days = (count: number) => new Date(Date.now() - count * 86_400_000);
const assets = () => readdir(join(host.root, 'assets'));

describe('publish and prune', () => {
  it('keeps the assets of kept releases for ever and others by age, and no release that is needed goes', async () => {
    for (let at = 1; at <= 5; at++) {
      await host.addRelease(release(at));
      await host.ok('publish', release(at), '--fence', fence);
    }
    await symlink(`releases/${release(1)}`, join(host.root, 'current'));
    await symlink(`releases/${release(2)}`, join(host.root, 'previous'));
    for (const [at, age] of [
      [1, 30],
      [3, 20],
      [4, 10],
    ] as const)
      await utimes(join(host.root, 'assets', `${release(at)}.js`), days(age), days(age));
    const { releases, assets: removed } = await host.ok(
      'prune',
      '--keep',
      '1',
      '--assets-days',
      '14',
      '--fence',
      fence,
    );
    expect([releases, removed]).toEqual([[release(3), release(4)], 1]);
    expect(await assets()).toEqual([1, 2, 4, 5].map((at) => `${release(at)}.js`));
    expect((await host.facts()).releases.map((one: any) => one.id)).toEqual([1, 2, 5].map(release));
  }, 600_000);

  it('counts the age of an asset from the last time that its release was in service', async () => {
    await host.addRelease(release(1));
    await host.addRelease(release(2));
    await host.ok('publish', release(1), '--fence', fence);
    await symlink(`releases/${release(1)}`, join(host.root, 'current'));
    const path = join(host.root, 'assets', `${release(1)}.js`);
    await utimes(path, days(100), days(100));
    await host.ok('publish', release(2), '--fence', fence);
    await host.ok('prune', '--keep', '1', '--assets-days', '14', '--fence', fence);
    expect(await assets()).toContain(`${release(1)}.js`);
  }, 600_000);
});

describe('prune of host programs', () => {
  const name = (letter: string) => letter.repeat(12);
  /** A version of it that was put, and used last, so many days ago. */
  async function lay(program: string, put: number, used: number) {
    const folder = join(host.root, 'host', program);
    await cp(dirname(PROGRAM), folder, { recursive: true, filter: (path) => !/\.ts$|\/test$/.test(path) });
    await utimes(join(folder, 'main.mjs'), days(put), days(put));
    await utimes(folder, days(used), days(used));
    return join(folder, 'main.mjs');
  }
  const left = () => readdir(join(host.root, 'host'));

  it('removes what nobody needs: not what runs, what a kept release carries, what was used today, nor the newest', async () => {
    await mkdir(join(host.root, 'host'), { recursive: true });
    await writeFile(join(host.root, 'host/node'), '');
    const carrying = await host.addRelease(release(1));
    await mkdir(join(carrying, 'deploy/host'), { recursive: true });
    await writeFile(join(carrying, 'deploy/host/main.mjs'), '// another version');
    const carried = programName(join(carrying, 'deploy/host'));
    await lay(carried, 40, 40);
    for (const [letter, put, used] of [
      ['a', 50, 50],
      ['b', 50, 0.1],
      ['c', 30, 30],
    ] as const)
      await lay(name(letter), put, used);
    const running = await lay(name('d'), 60, 60);
    await mkdir(join(host.root, 'host', `${name('e')}.4711`));
    await utimes(join(host.root, 'host', `${name('e')}.4711`), days(2), days(2));
    // A watchdog that waits: the journal says that the host is on its way out.
    await lay(name('f'), 60, 60);
    const asleep = spawn(process.execPath, [
      '-e',
      'setInterval(() => {}, 1000)',
      join(host.root, 'host', name('f'), 'main.mjs'),
    ]);
    try {
      await once(asleep, 'spawn');
      const args = ['--root', host.root, 'prune', '--keep', '1', '--fence', fence];
      const { stdout } = await promisify(execFile)(process.execPath, [running, ...args]);
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
        kept: [release(1)],
        programs: [name('a'), `${name('e')}.4711`],
      });
      expect(await left()).toEqual([...'bcdf'].map(name).concat(carried, 'node').toSorted());
    } finally {
      asleep.kill('SIGKILL');
    }
  }, 600_000);

  it('knows the program of a release by the name that it was put under', async () => {
    expect(programName(dirname(PROGRAM))).toBe((await programFiles()).hash);
  });
});

describe('figures', () => {
  it('counts each side since a moment, over a rotation, without health checks', async () => {
    const line = (side: string, t: number, status: number, time: number, path = '/api/x') =>
      JSON.stringify({ t, side, status, time, path });
    const old = Array.from({ length: 3000 }, (_, at) => line('main', 1000 + at / 10, 200, 9));
    const older = [line('main', 2000, 200, 0.01), line('main', 2001, 500, 0.02)];
    const newer = [
      line('canary', 2002, 502, 0.2),
      line('canary', 2003, 200, 0.1),
      line('main', 2004, 404, 0.03),
      line('main', 2004, 503, 0.03, '/health/ready'),
      '{"t":20',
    ];
    await writeFile(join(host.settings.logs, 'access.log.1'), `${[...old, ...older].join('\n')}\n`);
    await writeFile(join(host.settings.logs, 'access.log'), newer.join('\n'));
    const { figures } = await host.ok('canary', 'figures', '--since', '2000');
    expect(figures).toEqual({
      main: { requests: 3, errors: 1, errorRate: 1 / 3, p50: 20, p95: 30, p99: 30 },
      canary: { requests: 2, errors: 1, errorRate: 0.5, p50: 100, p95: 200, p99: 200 },
    });
  }, 600_000);
});

describe('record', () => {
  const secret = 'a secret of sixteen';
  const event = (seq: number) => JSON.stringify({ release: release(1), seq, state: 'building' });

  it('is kept on the host while the API is down, and told in order, signed, when it is back', async () => {
    await writeFile(join(host.root, 'env/dengji.env'), `# secrets\nDEPLOY_SECRET="${secret}"\n`);
    const alone = await host.ok('record', '--event', event(1));
    expect(alone).toMatchObject({ stored: true, sent: 0, unsent: 1, answer: null });
    await host.ok('record', '--event', event(1));
    const told: { path: string; seq: number; signed: boolean }[] = [];
    const server = await new Promise<Server>((resolve) => {
      const one = createServer((request, response) => {
        void text(request).then((body) => {
          const stamp = String(request.headers['x-timestamp']);
          const right = createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex');
          const signed = request.headers['x-signature'] === right && Math.abs(Date.now() / 1000 - Number(stamp)) < 60;
          const { seq } = JSON.parse(body);
          told.push({ path: request.url ?? '', seq, signed });
          // One that the server will never take must not stop those behind it.
          response
            .writeHead(seq === 2 ? 422 : 200)
            .end(JSON.stringify({ id: release(1), approval: { required: true } }));
        });
      }).listen(host.settings.ports.api, '127.0.0.1', () => resolve(one));
    });
    await host.ok('record', '--event', event(2));
    // The oldest of many that were told are forgotten; none that was not.
    const many = Array.from({ length: 2500 }, (_, at) =>
      JSON.stringify({ release: release(1), seq: 1000 + at, state: 'done' }),
    );
    await writeFile(join(host.root, 'state/records.ndjson'), `${many.join('\n')}\n`);
    await writeFile(join(host.root, 'state/records.sent.json'), '{"count":2500,"dropped":0}');
    const last = await host.ok('record', '--event', event(3));
    expect((await host.file('state/records.ndjson'))?.trim().split('\n').length).toBe(1001);
    expect(last).toMatchObject({ sent: 1, unsent: 0, answer: { approval: { required: true } } });
    expect(told.map(({ seq, signed }) => [seq, signed])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    expect(new Set(told.map(({ path }) => path))).toEqual(new Set(['/api/callbacks/releases/events']));
    const { records, server: answer } = await host.ok('records', '--limit', '2');
    expect(records.map((one: any) => one.seq)).toEqual([3499, 3]);
    expect(answer).toMatchObject({ id: release(1) });
    await new Promise((resolve) => server.close(resolve));
  }, 600_000);
});

describe('a canary', () => {
  it('runs beside the release in service, is named to nginx, and goes without a trace', async () => {
    await host.addRelease(release(1));
    await host.addRelease(release(2));
    await host.deploy(release(1), Number(fence));
    await host.ok('canary', 'start', release(2), '--fence', fence);
    const state = { release: release(2), percent: 5, hosts: ['127.0.0.1'] };
    await host.ok('canary', 'set', JSON.stringify(state), '--fence', fence);
    let facts = await host.facts();
    expect(facts).toMatchObject({ current: release(1), next: release(2), canary: state, state: { phase: 'serving' } });
    expect(facts.processes.filter((one: any) => one.side === 'canary' && !one.daemon)).toMatchObject([
      { release: release(2) },
    ]);
    expect((await host.call(['canary', 'set', '{"percent":101}', '--fence', fence])).exit).toBe(64);
    await host.ok('canary', 'stop', '--fence', fence);
    await host.ok('canary', 'stop', '--fence', fence);
    facts = await host.facts();
    expect(facts).toMatchObject({ current: release(1), next: null, canary: null, ready: { status: 200 } });
    expect(facts.processes.filter((one: any) => one.side === 'canary')).toEqual([]);
  }, 600_000);

  it('that does not start, or is no good, leaves nothing running', async () => {
    await host.addRelease(release(1));
    await host.addRelease(release(2), { smokeFails: true });
    await host.deploy(release(1), Number(fence));
    expect((await host.call(['canary', 'start', release(2), '--fence', fence])).json.code).toBe('smoke');
    const facts = await host.facts();
    expect(facts).toMatchObject({ current: release(1), next: null, ready: { status: 200, build: release(1) } });
    expect(facts.processes.filter((one: any) => one.side === 'canary')).toEqual([]);
  }, 600_000);
});

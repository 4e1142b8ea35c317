import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { GUANGDONG, makeWorld, must, newKey, type World } from '../../../test/factories.ts';
import { logInStaff } from '../../../test/logins.ts';
import { addChores, choreModel } from '../../../test/work.ts';
import { createWorker } from '../../infra/jobs/index.ts';
import { createDeadWork } from './dead-work.service.ts';

const DAY = 24 * 3_600_000;
const JOB = 'old-deliveries';
const AT = `/api/system/schedules/${JOB}`;

describe('jobs in the system backend', () => {
  let world: World;
  let root: Browser;
  const workers = () => world.app.features.schedules.cron.workers;
  /** What every process does again and again. */
  const look = async () => {
    for (const worker of workers()) await worker.drain();
  };
  /** A session does not last so long. */
  const later = async (ms: number) => {
    world.clock.advance(ms);
    root = await logInStaff(world.app, 'root');
    await look();
  };
  const audited = async () =>
    (
      await world.deps.mongo
        .collection('audit')
        .find({ action: /^(job|work)\./ })
        .sort({ _id: 1 })
        .toArray()
    ).map(({ action, object, actor }) => `${actor.name} ${action} ${object.type}:${object.id}`);
  const item = async () =>
    must(await root.get('/api/system/schedules'), 200).body.items.find(({ job }: { job: string }) => job === JOB);

  beforeAll(async () => {
    world = await makeWorld();
    root = await world.staff({ name: 'root' });
    await look();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.deps.mongo.collection('cronRuns').deleteMany({});
    await world.deps.mongo.collection('audit').deleteMany({});
  });

  it('are all listed with their plan', async () => {
    const { items } = must(await root.get('/api/system/schedules'), 200).body;
    expect(items.length).toBe(world.app.features.schedules.cron.jobs.length);
    expect(new Set(items.map(({ label }: { label: Record<string, string> }) => label['zh-CN'])).size).toBe(
      items.length,
    );
    expect(await item()).toMatchObject({
      label: { 'zh-CN': '清理短信回执', en: 'Old SMS receipts' },
      pattern: '10 4 * * *',
      timeZone: 'Asia/Shanghai',
      missed: 'latest',
      timeLimitSeconds: 600,
      state: 'idle',
      off: null,
      paused: null,
      skippedTicks: 0,
      // It is 10:00 in Shanghai.
      nextRuns: ['2026-11-21T20:10:00.000Z', '2026-11-22T20:10:00.000Z', '2026-11-23T20:10:00.000Z'],
      lastRun: null,
      lastSuccessAt: null,
    });
  });

  it('have a history, page by page', async () => {
    for (let day = 0; day < 5; day += 1) await later(DAY);
    const pages: string[][] = [];
    let cursor = '';
    do {
      const { items, nextCursor } = must(
        await root.get(`${AT}/runs?limit=2${cursor && `&cursor=${cursor}`}`),
        200,
      ).body;
      pages.push(items.map(({ scheduledAt }: { scheduledAt: string }) => scheduledAt.slice(8, 10)));
      cursor = nextCursor;
    } while (cursor);
    expect(pages).toEqual([['25', '24'], ['23', '22'], ['21']]);
    const { lastRun, lastSuccessAt } = await item();
    expect(lastRun).toEqual({
      id: 'old-deliveries@2026-11-25T20:10:00.000Z',
      job: JOB,
      scheduledAt: '2026-11-25T20:10:00.000Z',
      asked: null,
      state: 'done',
      nextTryAt: null,
      startedAt: world.clock().toISOString(),
      endedAt: world.clock().toISOString(),
      seconds: 0,
      attempts: 0,
      fault: null,
      holder: expect.stringMatching(new RegExp(`:${process.pid}$`)),
      result: { removed: 0 },
    });
    expect(lastSuccessAt).toBe(world.clock().toISOString());
    for (const wrong of [
      'WzFd',
      'WyJ4Il0',
      Buffer.from('[1.5]').toString('base64url'),
      Buffer.from('[9e15]').toString('base64url'),
    ])
      expect((await root.get(`${AT}/runs?cursor=${wrong}`)).status).toBe(wrong === 'WzFd' ? 200 : 422);
  });

  it('run when an operator asks: once under a key, on record, with who it was', async () => {
    const key = { 'idempotency-key': newKey() };
    const asked = must(await root.post(`${AT}/run`, undefined, key), 202).body;
    expect(must(await root.post(`${AT}/run`, undefined, key), 202).body).toEqual(asked);
    expect(asked).toMatchObject({
      state: 'waiting',
      asked: { name: 'root' },
      scheduledAt: world.clock().toISOString(),
    });
    expect((await root.post(`${AT}/run`)).body.code).toBe('in_progress');
    await look();
    const { items } = must(await root.get(`${AT}/runs`), 200).body;
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ id: asked.id, state: 'done', asked: { name: 'root' } });
    expect(await audited()).toEqual([`root job.run_asked job:${JOB}`]);
  });

  it('are paused and resumed by operators; a pause outlives all processes', async () => {
    const paused = must(await root.post(`${AT}/pause`), 200).body;
    expect(paused).toMatchObject({
      state: 'paused',
      paused: { at: world.clock().toISOString(), by: 'root' },
      nextRuns: [],
    });
    must(await root.post(`${AT}/pause`), 200);
    await later(2 * DAY);
    expect(must(await root.get(`${AT}/runs`), 200).body.items).toEqual([]);
    expect((await item()).state).toBe('paused');
    expect(must(await root.post(`${AT}/resume`), 200).body).toMatchObject({ state: 'idle', paused: null });
    await later(DAY);
    expect(must(await root.get(`${AT}/runs`), 200).body.items).toHaveLength(1);
    expect(await audited()).toEqual(['paused', 'paused', 'resumed'].map((what) => `root job.${what} job:${JOB}`));
  });

  it('need the right to see or steer them, everywhere: a right for one region is none', async () => {
    const reader = await world.staff({ name: 'reader', can: ['job.read'] });
    const regional = await world.staff({ name: 'regional', can: ['job.read', 'job.manage'], region: GUANGDONG });
    must(await reader.get('/api/system/schedules'), 200);
    const calls: [string, string][] = [
      ['GET', '/api/system/schedules'],
      ['GET', `${AT}/runs`],
      ['GET', '/api/system/dead-work'],
      ...['run', 'pause', 'resume'].map((what): [string, string] => ['POST', `${AT}/${what}`]),
      ['POST', '/api/system/dead-work/run/x/retry'],
      ['POST', '/api/system/dead-work/run/x/dismiss'],
    ];
    for (const [method, path] of calls) {
      expect([path, (await regional.call(method, path)).status]).toEqual([path, 403]);
      if (method === 'POST') expect([path, (await reader.call(method, path)).status]).toEqual([path, 403]);
    }
  });

  it('that are unknown are not found; those that are off here can’t be asked for', async () => {
    for (const [method, what] of [
      ['GET', 'runs'],
      ['POST', 'run'],
      ['POST', 'pause'],
      ['POST', 'resume'],
    ] as const)
      expect((await root.call(method, `/api/system/schedules/nothing/${what}`)).status).toBe(404);
    const off = (await root.get('/api/system/schedules')).body.items.find(
      ({ state }: { state: string }) => state === 'off',
    );
    if (off) expect((await root.post(`/api/system/schedules/${off.job}/run`)).body.code).toBe('not_ready');
  });

  describe('work that was given up', () => {
    const dead = async (names: string[]) => {
      await addChores(world.deps, names);
      await choreModel(world.deps).updateMany(
        { name: { $in: names } },
        { $set: { 'work.state': 'dead', 'work.due': world.clock(), 'work.attempts': 5, 'work.fault': 'ENOSPC' } },
      );
    };

    it('is listed, tried again, or let rest', async () => {
      await world.deps.mongo.collection('cronRuns').insertMany(
        ['20', '21'].map((day) => ({
          _id: `${JOB}@2026-11-${day}T20:10:00.000Z` as never,
          job: JOB,
          scheduledAt: new Date(`2026-11-${day}T20:10:00.000Z`),
          asked: null,
          work: {
            state: 'dead',
            due: new Date(`2026-11-${day}T20:11:00.000Z`),
            fence: 5,
            holder: null,
            takenAt: null,
            attempts: 5,
            fault: 'crashed',
          },
          endedAt: null,
          result: null,
        })),
      );
      const { items, nextCursor } = must(await root.get('/api/system/dead-work?limit=1'), 200).body;
      expect(items).toEqual([
        {
          kind: 'run',
          kindLabel: { 'zh-CN': '定时任务', en: 'Scheduled job' },
          id: `${JOB}@2026-11-21T20:10:00.000Z`,
          about: JOB,
          since: '2026-11-21T20:11:00.000Z',
          attempts: 5,
          fault: 'crashed',
        },
      ]);
      const rest = must(await root.get(`/api/system/dead-work?cursor=${nextCursor}`), 200).body;
      expect(rest.items).toHaveLength(1);
      expect(rest.nextCursor).toBeNull();

      const path = (one: { kind: string; id: string }) =>
        `/api/system/dead-work/${one.kind}/${encodeURIComponent(one.id)}`;
      must(await root.post(`${path(items[0])}/retry`), 204);
      must(await root.post(`${path(rest.items[0])}/dismiss`), 204);
      expect((await root.post(`${path(items[0])}/retry`)).status).toBe(404);
      expect((await root.post('/api/system/dead-work/nothing/x/retry')).status).toBe(404);
      expect(must(await root.get('/api/system/dead-work'), 200).body.items).toEqual([]);
      await look();
      const runs = must(await root.get(`${AT}/runs`), 200).body.items;
      expect(runs.map(({ state, fault }: { state: string; fault: string }) => `${state} ${fault}`)).toEqual([
        'done null',
        'dismissed crashed',
      ]);
      expect(await audited()).toEqual([
        `root work.retried run:${JOB}@2026-11-21T20:10:00.000Z`,
        `root work.dismissed run:${JOB}@2026-11-20T20:10:00.000Z`,
      ]);
    });

    it('of all kinds is one list, whatever falls on one moment', async () => {
      await choreModel(world.deps).deleteMany({});
      const kinds = ['ants', 'bees', 'cats'].map(
        (name) =>
          createWorker(world.deps, {
            name,
            model: choreModel(world.deps),
            about: (doc) => doc.name,
            run: async () => undefined,
          }).kind,
      );
      await dead(['one', 'two']);
      world.clock.advance(1);
      await dead(['three']);
      const service = createDeadWork(world.deps, { audit: world.app.features.audit, kinds });
      const caller = { grants: [{ permissions: ['job.read'], region: null, organisation: null, own: false }] } as never;
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { items, nextCursor } = await service.list(caller, { cursor, limit: 2 });
        seen.push(...items.map(({ kind, about }) => `${kind} ${about}`));
        cursor = nextCursor ?? undefined;
      } while (cursor);
      expect(seen).toEqual([
        ...['cats', 'bees', 'ants'].map((kind) => `${kind} three`),
        ...['cats', 'bees', 'ants'].flatMap((kind) => [`${kind} two`, `${kind} one`]),
      ]);
    });
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../browser.ts';
import { makeWorld, must, newKey, type World } from '../factories.ts';
import { createCable, type Cable } from '../fakes/cable.ts';
import { ownDatabases } from '../own-databases.ts';

/** The longest that anybody waits for an answer while something is away, ms; measured over all that is asked at once. */
const BOUND = 5_000;

describe('when a database is away', () => {
  let world: World;
  let mongo: Cable;
  let redis: Cable;
  let citizen: Browser;
  let staff: Browser;

  beforeAll(async () => {
    const { mongoUrl, redisUrl } = await ownDatabases();
    [mongo, redis] = [await createCable(mongoUrl), await createCable(redisUrl)];
    // The set's own addresses lead past the cable: only a direct connection stays on it.
    const url = new URL(mongo.through(mongoUrl));
    url.searchParams.set('directConnection', 'true');
    world = await makeWorld({ databases: { mongoUrl: url.href, redisUrl: redis.through(redisUrl) } });
    await world.form();
    citizen = await world.citizen();
    staff = await world.staff();
    must(await world.anonymous().get('/api/citizen/forms/healthDeclaration'), 200);
  }, 120_000);
  afterAll(async () => {
    redis.set('pass');
    mongo.set('pass');
    await world.close();
    await Promise.all([redis.close(), mongo.close()]);
  });

  const timed = async <T>(work: Promise<T>): Promise<{ ms: number; answer: T }> => {
    const began = performance.now();
    const answer = await work;
    return { ms: performance.now() - began, answer };
  };
  const back = (browser: Browser, path: string) =>
    expect.poll(async () => (await browser.get(path)).status, { timeout: 20_000, interval: 200 }).toBe(200);

  it.each(['cut', 'silent'] as const)(
    'Redis %s: forms load, nobody hangs, no code is sent (11, 56)',
    async (state) => {
      const sent = (await world.sentMessages()).length;
      redis.set(state);
      try {
        const [form, forms, regions, mine, people, code, login, submission] = await Promise.all([
          timed(world.anonymous().get('/api/citizen/forms/healthDeclaration')),
          timed(world.anonymous().get('/api/citizen/forms')),
          timed(world.anonymous().get('/api/citizen/regions')),
          timed(citizen.get('/api/citizen/session')),
          timed(staff.get('/api/business/people')),
          timed(
            world
              .anonymous()
              .post('/api/citizen/login-codes', { phone: `1360000${state === 'cut' ? '1111' : '2222'}` }),
          ),
          timed(world.anonymous().get('/health/ready')),
          timed(world.submit(citizen)),
        ]);
        expect([form, forms, regions, login].map(({ answer }) => answer.status)).toEqual([200, 200, 200, 200]);
        expect(
          [mine, people, submission].map(({ answer }) => [answer.status, answer.headers.has('retry-after')]),
        ).toEqual([
          [503, true],
          [503, true],
          [503, true],
        ]);
        expect([code.answer.status, code.answer.headers.has('retry-after')]).toEqual([503, true]);
        for (const { ms } of [form, forms, regions, mine, people, code, login, submission])
          expect(ms).toBeLessThan(BOUND);
        expect((await world.sentMessages()).length).toBe(sent);
      } finally {
        redis.set('pass');
      }
      await back(citizen, '/api/citizen/session');
      await back(staff, '/api/business/people');
    },
    60_000,
  );

  it('MongoDB silent: 503 within the bound, and well again afterwards; a retry under its key gives one record (51, 56)', async () => {
    const key = newKey();
    const answers = world.answers();
    const send = () =>
      citizen.post(
        '/api/citizen/forms/healthDeclaration/submissions',
        { version: 1, answers },
        { 'idempotency-key': key },
      );
    mongo.set('silent');
    try {
      const [live, ...waiting] = await Promise.all([
        timed(world.anonymous().get('/health/live')),
        timed(staff.get('/api/business/submissions')),
        timed(send()),
        timed(world.anonymous().post('/api/staff/session', { name: 'x', password: 'y' })),
      ]);
      expect(live.answer.status).toBe(200);
      expect(live.ms).toBeLessThan(BOUND);
      for (const { answer, ms } of waiting) {
        expect(answer.status).toBe(503);
        expect(answer.body.code).toMatch(/^(unavailable|deadline_exceeded)$/);
        // Twice the bound of one look: the deadline of a request, which a loaded machine may need.
        expect(ms).toBeLessThan(2.2 * BOUND);
      }
    } finally {
      mongo.set('pass');
    }
    await back(staff, '/api/business/people');
    await expect.poll(async () => (await send()).status, { timeout: 60_000, interval: 500 }).toBe(201);
    const { body } = await send();
    expect(await world.deps.mongo.collection('submissions').countDocuments({ receiptNumber: body.receiptNumber })).toBe(
      1,
    );
    expect(
      (await citizen.get('/api/citizen/submissions')).body.items.filter(({ id }: { id: string }) => id === body.id),
    ).toHaveLength(1);
  }, 120_000);

  it('every connection to MongoDB confirms by majority: the running one, and all that the code opens (53)', async () => {
    const { writeConcern, readConcern } = world.deps.mongo.getClient().options;
    expect(writeConcern?.w).toBe('majority');
    expect(readConcern?.level).toBe('majority');
    const root = fileURLToPath(new URL('../../src', import.meta.url));
    const opened: string[] = [];
    for (const file of await readdir(root, { recursive: true })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      const text = await readFile(join(root, file), 'utf8');
      if (/new MongoClient|MongoClient\.connect|createConnection\(|mongoose\.connect/.test(text)) opened.push(file);
      expect(text, file).not.toMatch(/\bw:\s*[01]\b|writeConcern:\s*\{\s*w:\s*[01]/);
    }
    // The other one only builds models for the API document and connects to nothing.
    expect(opened.toSorted()).toEqual(['infra/mongo/index.ts', 'openapi.ts']);
  });
});

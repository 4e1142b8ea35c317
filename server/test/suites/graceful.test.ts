import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeLater, startMongo } from '../../../scripts/lib/databases.mjs';
import { withMember } from '../../../scripts/lib/mongo-set.mjs';
import { releaseModel } from '../../src/features/releases/index.ts';
import { makeDeps, type TestDeps } from '../deps.ts';
import { ownDatabases } from '../own-databases.ts';
import { startRole, type RoleProcess } from '../role-processes.ts';
import { startSignedLoad, type Sent, type SignedLoad } from '../signed-load.ts';

const SECRET = 'a secret of the deployment';

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** What was not answered with 200, and how often. */
function failed(sent: readonly Sent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { how, kind, status, fault } of sent) {
    const what = `${how} ${kind}: ${status ?? fault}`;
    if (status !== 200) counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

/** Acknowledged events that are not stored, or stored twice; stored ones that nobody sent. */
async function compare({ deps }: TestDeps, sent: readonly Sent[]) {
  const stored = new Map<string, number>();
  for await (const { _id, events } of releaseModel(deps.mongo)
    .find({ _id: /^load-/ })
    .lean()
    .cursor())
    for (const { seq } of events) stored.set(`${_id} ${seq}`, (stored.get(`${_id} ${seq}`) ?? 0) + 1);
  const writes = sent.filter(({ kind }) => kind === 'write');
  const names = new Set(writes.map(({ release, seq }) => `${release} ${seq}`));
  return {
    lost: writes.filter(({ status, release, seq }) => status === 200 && !stored.has(`${release} ${seq}`)).length,
    double: [...stored.values()].filter((count) => count > 1).length,
    unknown: [...stored.keys()].filter((name) => !names.has(name)).length,
  };
}

describe('control 57: no request fails', { timeout: 300_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dengji-graceful-'));
    removeLater(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function startApi({ mongoUrl, redisUrl }: { mongoUrl: string; redisUrl: string }, name: string) {
    const port = await freePort();
    const log = join(folder, `${name}.log`);
    const env = {
      ...{ PORT: String(port), MONGO_URL: mongoUrl, REDIS_URL: redisUrl, DEPLOY_SECRET: SECRET },
      SMS_OUTBOX: join(folder, 'outbox.ndjson'),
    };
    return { api: await startRole({ role: 'api', env, log }), origin: `http://127.0.0.1:${port}`, log };
  }

  describe('when an API process is stopped under load', () => {
    let test: TestDeps;
    let databases: { mongoUrl: string; redisUrl: string };
    beforeAll(async () => {
      databases = await ownDatabases();
      test = await makeDeps({ databases, now: new Date().toISOString() });
    });
    afterAll(() => test.close());

    /** What balances load does: no new requests once the process says that it is not ready. */
    async function untilNotReady(origin: string): Promise<void> {
      for (;;) {
        const status = await fetch(`${origin}/health/ready`).then(
          (answer) => answer.status,
          () => null,
        );
        if (status !== 200) return;
        await sleep(25);
      }
    }

    /** Load on a process that ends in a way, with slow requests half-way in it. */
    async function ending(name: string, end: (api: RoleProcess) => Promise<void>) {
      const { api, origin, log } = await startApi(databases, name);
      const load: SignedLoad = startSignedLoad(origin, { secret: SECRET, keepAlive: 6, fresh: 3, pauseMs: 20 });
      await load.more(150);
      await Promise.all(Array.from({ length: 4 }, () => load.slow(1_500)));
      const before = load.sent.length;
      const ended = end(api);
      await untilNotReady(origin);
      await load.end();
      await ended;
      return { sent: load.sent, after: load.sent.slice(before), said: await readFile(log, 'utf8') };
    }

    it('SIGTERM: what is under way ends well, and every answer ends its connection', async () => {
      const { sent, after, said } = await ending('stopped', (api) => api.stop());
      expect(failed(sent)).toEqual({});
      const slow = after.filter(({ how }) => how === 'slow');
      expect(slow.map(({ status, closes }) => [status, closes])).toEqual(Array(4).fill([200, true]));
      expect(after.some(({ how, closes }) => how === 'keep-alive' && closes)).toBe(true);
      expect(await compare(test, sent)).toEqual({ lost: 0, double: 0, unknown: 0 });
      expect(said).not.toMatch(/server\.(forced|crashed)/);
    });

    it('the same load sees a kill', async () => {
      const { sent } = await ending('killed', (api) => api.kill());
      expect(Object.keys(failed(sent))).toContain('slow write: ECONNRESET');
      expect(await compare(test, sent)).toMatchObject({ lost: 0, double: 0 });
    });
  });

  it('when each member of the replica set steps down in turn', async () => {
    const mongo = await startMongo({
      dataDir: join(folder, 'mongo'),
      log: join(folder, 'mongo.log'),
      members: 3,
      durable: false,
    });
    try {
      const { redisUrl } = await ownDatabases();
      const databases = { mongoUrl: mongo.url, redisUrl };
      const test = await makeDeps({ databases, now: new Date().toISOString() });
      const { api, origin } = await startApi(databases, 'stepped');
      const load = startSignedLoad(origin, { secret: SECRET, keepAlive: 6, fresh: 2, pauseMs: 60 });
      const primaries = new Set<string>();
      const admin = test.deps.mongo.getClient().db('admin');
      for (let round = 0; round < 3; round += 1) {
        await load.more(100);
        const me = String((await admin.command({ hello: 1 })).me);
        primaries.add(me);
        await admin.command({ replSetStepDown: 10, secondaryCatchUpPeriodSecs: 5 }).catch(() => undefined);
        await load.more(100);
        // Else it could not be elected for 10 s, and the third step-down would leave nobody who can.
        await withMember(Number(me.split(':')[1]), (member) => member.command({ replSetFreeze: 0 }));
      }
      await load.end();
      expect(failed(load.sent)).toEqual({});
      expect(await compare(test, load.sent)).toEqual({ lost: 0, double: 0, unknown: 0 });
      expect(primaries.size).toBeGreaterThan(1);
      await api.stop();
      await test.close();
    } finally {
      await mongo.stop();
    }
  });
});

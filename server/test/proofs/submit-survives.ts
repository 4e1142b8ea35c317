/**
 * `npm run proof -- submit-survives [--small]`: citizens submit while processes are killed, Redis forgets everything and the
 * MongoDB primary dies. They do what the pages do: repeat under the same key, log in again when asked to. In the end every
 * submission is there exactly once. The last line is one JSON object.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisCommand, removeLater, startMongo, startRedis } from '../../../scripts/lib/databases.mjs';
import { readProofOptions } from '../../../scripts/lib/proof.mjs';
import { healthDeclaration } from '../../shared/demo/healthDeclaration.ts';
import { PERMISSION_NAMES } from '../../shared/permissions.ts';
import { createFeatures } from '../../src/features/index.ts';
import { demoAnswers } from '../../src/features/seed/demo.people.ts';
import { makeDeps } from '../deps.ts';
import { plainForm } from '../plain-form.ts';
import { startApis } from '../api-processes.ts';
import { startCitizen, type Sent } from '../stubborn-citizen.ts';

const { small } = readProofOptions('submit-survives');
const CITIZENS = small ? 4 : 24;
/** Rounds of all troubles, and the pause after each trouble, ms. */
const ROUNDS = small ? 1 : 12;
const PAUSE = small ? 1_500 : 6_000;
const FORM = 'survives';

const folder = await mkdtemp(join(tmpdir(), 'dengji-survives-'));
removeLater(folder);
const at = (name: string) => join(folder, name);
const [mongo, redis] = await Promise.all([
  startMongo({ dataDir: at('mongo'), log: at('mongo.log'), members: 3, durable: false }),
  startRedis({ dataDir: at('redis'), log: at('redis.log'), durable: false }),
]);
// Reads what is stored, past the API; it also makes the form.
const databases = { mongoUrl: mongo.url, redisUrl: redis.url };
const test = await makeDeps({ databases, now: new Date().toISOString() });
const apis = await startApis(2, { ...databases, outbox: at('outbox.ndjson'), log: at('api.log') });
let failed = true;
try {
  const { forms } = createFeatures(test.deps);
  const grants = [{ role: 'superAdmin', permissions: PERMISSION_NAMES, region: null, organisation: null, own: false }];
  const caller = {
    kind: 'staff' as const,
    accountId: 'proof',
    sessionId: 'proof',
    name: 'proof',
    permissions: new Set(PERMISSION_NAMES),
    grants,
    mustChangePassword: false,
  };
  const actor = { caller, ip: '127.0.0.1' };
  // Nothing but the key keeps a submission from being stored twice.
  const { dedupe: _dedupe, ...content } = plainForm();
  await forms.create(actor, { key: FORM, title: healthDeclaration.title, content, region: null });
  await forms.publish(actor, FORM, 1);

  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const sent: Sent[] = [];
  let over = false;
  const citizens = Array.from({ length: CITIZENS }, (_, who) =>
    startCitizen({
      origins: apis.origins,
      outbox: at('outbox.ndjson'),
      phone: `1380002${String(who).padStart(4, '0')}`,
      // The minute between two codes is not what is proven here.
      beforeCode: () => test.deps.mongo.collection<{ _id: string }>('quotas').deleteMany({ _id: /pause/ }),
      over: () => over,
      next: (count) => {
        // Unlike any other's, and kept in clear: by it the stored ones are counted.
        const name = `居民${who}第${count}`;
        return {
          name,
          key: randomUUID(),
          path: `/api/citizen/forms/${FORM}/submissions`,
          body: { version: 1, answers: { ...demoAnswers((who * 290 + count) % 7_000, today), name } },
        };
      },
      done: (one) => void sent.push(one),
    }),
  );

  const say = (text: string) => console.log(`${sent.length} sent: ${text}`);
  await sleep(PAUSE);
  for (let round = 0; round < ROUNDS; round += 1) {
    say('kill -9 of an API process');
    await apis.kill(round % 2);
    await sleep(PAUSE);
    await apis.restart(round % 2);
    say('FLUSHALL');
    await redisCommand(redis.port, ['FLUSHALL']);
    await sleep(PAUSE);
    const primary = await mongo.primary();
    if (round % 2 === 0) {
      say('kill -9 of the MongoDB primary');
      await primary.kill();
      await sleep(PAUSE);
      await primary.restart();
    } else {
      say('the MongoDB primary steps down');
      await test.deps.mongo
        .getClient()
        .db('admin')
        .command({ replSetStepDown: 10, force: true })
        .catch(() => undefined);
    }
    await mongo.primary();
    await sleep(PAUSE);
  }
  over = true;
  await Promise.all(citizens);

  const counts = new Map<string, number>();
  for await (const { name } of test.deps.mongo
    .collection('submissions')
    .find({ formKey: FORM }, { projection: { name: 1 } }))
    counts.set(name as string, (counts.get(name as string) ?? 0) + 1);
  const acknowledged = sent.filter(({ status }) => status === 201);
  const refused = sent.filter(({ status }) => status !== 201);
  const lost = acknowledged.filter(({ name }) => !counts.has(name)).length;
  const double = [...counts.values()].filter((count) => count > 1).length;
  const unknown = [...counts.keys()].filter((name) => !sent.some((one) => one.name === name)).length;
  for (const one of refused.slice(0, 10)) console.log(JSON.stringify(one));
  const repeated = sent.filter(({ tries }) => tries > 1).length;
  failed = lost + double + unknown + refused.length > 0 || acknowledged.length < CITIZENS || repeated === 0;
  console.log(
    JSON.stringify({
      proof: 'submit-survives',
      acknowledged: acknowledged.length,
      repeated,
      stored: counts.size,
      lost,
      double,
      refused: refused.length,
      unknown,
      ok: !failed,
    }),
  );
} finally {
  await apis.stop();
  await test.close().catch(() => undefined);
  await Promise.all([mongo.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SETUP_MS, startTestSet } from '../../../../scripts/lib/backup/test-set.mjs';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { ownDatabases } from '../../../test/own-databases.ts';
import { startRole, type RoleProcess } from '../../../test/role-processes.ts';
import { createCron } from '../../infra/jobs/index.ts';
import { backupModel, createBackups } from './index.ts';

const BY = { accountId: '65f0c0ffee0ddba11ca7b0a7', name: 'root' };
const SCRIPT = 'scripts/backup.mjs';

let set: Awaited<ReturnType<typeof startTestSet>>;
let t: TestDeps;
let worker: RoleProcess;
beforeAll(async () => {
  set = await startTestSet();
  // Beside the set's own database, whose documents are none of the server's; a backup takes in both.
  const mongo = new URL(set.url);
  mongo.pathname = '/of_a_worker';
  const databases = { mongoUrl: mongo.href, redisUrl: (await ownDatabases()).redisUrl };
  t = await makeDeps({
    databases,
    config: { backup: { dir: set.dir, script: SCRIPT } },
    deps: { clock: () => new Date() },
  });
  worker = await startRole({
    role: 'worker',
    env: {
      MONGO_URL: databases.mongoUrl,
      REDIS_URL: databases.redisUrl,
      BACKUP_DIR: set.dir,
      BACKUP_KEY: set.env.BACKUP_KEY,
      BACKUP_SCRIPT: SCRIPT,
      SMS_OUTBOX: join(set.folder, 'outbox'),
    },
    log: join(set.folder, 'worker.log'),
  });
}, SETUP_MS);
afterAll(async () => {
  await worker?.stop();
  await t?.close();
  await set?.close();
}, 60_000);

it('control 58: what a worker backs up when it is asked to is a backup that a restore accepts', async () => {
  const cron = createCron(t.deps, createBackups(t.deps).jobs);
  await cron.runNow('backup', BY);
  const work = async () => (await cron.runs('backup', null, 1))[0]?.work;
  await expect.poll(work, { timeout: 180_000, interval: 100 }).toMatchObject({ state: 'done' });
  const [made] = await backupModel(t.deps.mongo).find().lean();
  expect(made).toMatchObject({ kind: 'dump', state: 'good', error: null });

  const { code, out } = await set.run('restore', ['--drill', '--json']);
  expect(out).toContain('Counts, hashes and indexes are equal');
  expect(code).toBe(0);
  const drill = JSON.parse(out.trim().split('\n').at(-1)!) as object;
  expect(drill).toMatchObject({ ok: true, documents: made!.documents, differences: [] });
}, 400_000);

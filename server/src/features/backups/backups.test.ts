import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { createCron, type Cron } from '../../infra/jobs/index.ts';
import { backupModel, createBackups } from './index.ts';

const HOUR = 3_600_000;
const BY = { accountId: '65f0c0ffee0ddba11ca7b0a7', name: 'root' };

describe('backups', () => {
  let t: TestDeps;
  let folder: string;
  let cron: Cron;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dengji-backups-'));
    t = await makeDeps({ config: { backup: { dir: folder, script: join(folder, 'backup.mjs') } } });
    cron = createCron(t.deps, createBackups(t.deps).jobs);
  });
  afterAll(async () => {
    await t.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    t.clock.advance(1_000);
    t.logged.length = 0;
    await backupModel(t.deps.mongo).deleteMany({});
    await t.deps.mongo.collection('cronRuns').deleteMany({});
  });

  /** A backup command that does as it is told and notes how it was called. */
  const command = (body: string) =>
    writeFile(
      join(folder, 'backup.mjs'),
      `import { appendFileSync } from 'node:fs';\nconst note = (text) => appendFileSync(${JSON.stringify(join(folder, 'notes'))}, text + '\\n');\n${body}`,
    );
  const notes = async () => (await readFile(join(folder, 'notes'), 'utf8').catch(() => '')).trim().split('\n');
  const run = async (job: string) => {
    t.clock.advance(1);
    await cron.runNow(job, BY);
    await cron.workers[1]!.drain();
    return (await cron.runs(job, null, 1))[0]!;
  };
  const good = (kind: 'dump' | 'oplog', endedAt: Date) =>
    backupModel(t.deps.mongo).create([
      { _id: `${kind}-${endedAt.toISOString()}`, kind, state: 'good', startedAt: endedAt, endedAt },
      { _id: `${kind}-failed`, kind, state: 'failed', startedAt: t.clock(), endedAt: t.clock(), error: 'no space' },
    ]);

  it('are written by the command: dumps and slices; one that is at it already is no failure', async () => {
    await command("note(process.argv.slice(2).join(' ') || 'dump'); if (process.argv[2]) process.exitCode = 3;");
    expect((await run('backup')).result).toEqual({});
    expect((await run('backup-slices')).result).toEqual({ busy: 1 });
    expect(await notes()).toEqual(['dump', '--oplog']);
    // Slices before the first dump: nothing that could be tried again.
    await command('process.exitCode = 4;');
    expect(await run('backup-slices')).toMatchObject({ result: { noDump: 1 }, work: { state: 'done' } });
  });

  it('that fail are tried again, then given up, and say why', async () => {
    await command("process.stderr.write('mongodump is missing'); process.exitCode = 1;");
    expect((await run('backup')).work).toMatchObject({ state: 'waiting', attempts: 1, fault: 'backup_failed' });
    expect((await run('backup-slices')).work).toMatchObject({ state: 'dead', fault: 'backup_failed' });
    expect(JSON.stringify(t.logged)).toContain('ended with 1: mongodump is missing');
  });

  it('are stopped with the worker, and given back', async () => {
    await command(
      "note('begun'); setInterval(() => {}, 1000); process.on('SIGTERM', () => { note('asked to stop'); process.exit(1); });",
    );
    const stop = new AbortController();
    await cron.runNow('backup', BY);
    const drained = cron.workers[1]!.drain(stop.signal);
    await expect.poll(notes, { timeout: 20_000 }).toContain('begun');
    stop.abort();
    await drained;
    expect(await notes()).toContain('asked to stop');
    expect((await cron.runs('backup', null, 1))[0]!.work).toMatchObject({ state: 'waiting', attempts: 0 });
  });

  it('that are older than 26 h raise the alarm: log, warning, figure (58)', async () => {
    const warning = () => cron.jobs.find(({ name }) => name === 'backup-alarm')!.warning!();
    const alarms = () =>
      t.logged.filter(({ event }) => event === 'backup.overdue').map(({ kind, hours }) => [kind, hours]);
    const gauge = async () =>
      /backup_last_success_timestamp_seconds\{kind="dump"\} (\S+)/.exec(await t.deps.metrics.registry.metrics())?.[1];
    expect((await run('backup-alarm')).result).toEqual({ overdue: 1 });
    expect(await warning()).toMatchObject({ 'zh-CN': '还没有成功的备份' });
    expect(await gauge()).toBeUndefined();

    const at = t.clock();
    await good('dump', at);
    t.clock.advance(26 * HOUR - 1);
    expect((await run('backup-alarm')).result).toEqual({ overdue: 0 });
    expect(await warning()).toBeNull();
    expect(await gauge()).toBe(String(at.getTime() / 1000));
    t.clock.advance(HOUR);
    expect((await run('backup-alarm')).result).toEqual({ overdue: 1 });
    expect((await warning())?.['zh-CN']).toBe('最近一次成功的备份是 27 小时前');
    expect(alarms()).toEqual([
      ['dump', undefined],
      ['dump', 27],
    ]);

    await good('dump', t.clock()).catch(() => undefined);
    await backupModel(t.deps.mongo).updateMany({ state: 'good' }, { $set: { endedAt: t.clock() } });
    await good('oplog', t.clock());
    expect(await warning()).toBeNull();
    t.clock.advance(2 * HOUR);
    expect((await warning())?.en).toBe('The last good backup of the changes is 2 hours old');
  });

  it('are off, and say so, where no folder is set; the alarm still rings in production', () => {
    const jobs = (config: object) =>
      createBackups({ ...t.deps, config: { ...t.deps.config, backup: { dir: null, script: '' }, ...config } }).jobs.map(
        ({ off }) => off?.en ?? 'on',
      );
    const off = 'BACKUP_DIR is not set: nothing is backed up from here';
    expect(jobs({})).toEqual([off, off, off]);
    expect(jobs({ production: true })).toEqual([off, off, 'on']);
  });
});

import type { Text } from '../../../shared/fields/types.ts';
import type { Deps } from '../../deps.ts';
import { cron, type CronJob, type JobRun } from '../../infra/jobs/index.ts';
import { backupModel, type BackupDoc } from './backups.model.ts';
import { runBackup } from './spawn.ts';

export { backupModel, type BackupDoc } from './backups.model.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A dump a day, and two hours for it to take. */
const DUMP_MS = 26 * HOUR_MS;
/** Slices come every 15 minutes; once there are any, they must go on. */
const SLICE_MS = HOUR_MS;

const NO_FOLDER: Text = {
  'zh-CN': '未设置 BACKUP_DIR：不在这里备份',
  en: 'BACKUP_DIR is not set: nothing is backed up from here',
};

/** The daily backup, the slices between two of them, and the alarm when the last good one is too old. */
export function createBackups({
  mongo,
  config,
  clock,
  log,
  metrics,
}: Pick<Deps, 'mongo' | 'config' | 'clock' | 'log' | 'metrics'>) {
  const backups = backupModel(mongo);
  const { dir, script } = config.backup;

  const lastGood = (kind: BackupDoc['kind']) =>
    backups.findOne({ kind, state: 'good' }).sort({ endedAt: -1 }).lean<BackupDoc>();

  metrics.collected('backup_last_success_timestamp_seconds', 'When the last good backup ended.', ['kind'], async () => {
    const found = await Promise.all([lastGood('dump'), lastGood('oplog')]).catch(() => []);
    return found.flatMap((one) => (one ? { labels: { kind: one.kind }, value: one.endedAt.getTime() / 1000 } : []));
  });

  const run =
    (args: string[]) =>
    async ({ signal }: JobRun): Promise<Record<string, number>> => {
      const end = await runBackup(script, args, signal);
      if (end === 'busy') return { busy: 1 };
      // No failure: the alarm says that there is no dump.
      return end === 'no-dump' ? { noDump: 1 } : {};
    };

  /** What is too old, with its age in hours; null: there is none at all. */
  async function overdue(): Promise<{ kind: BackupDoc['kind']; hours: number | null } | null> {
    const [dump, slice] = await Promise.all([lastGood('dump'), lastGood('oplog')]);
    const age = ({ endedAt }: BackupDoc) => clock().getTime() - endedAt.getTime();
    const hours = (one: BackupDoc) => Math.floor(age(one) / HOUR_MS);
    if (!dump) return { kind: 'dump', hours: null };
    if (age(dump) > DUMP_MS) return { kind: 'dump', hours: hours(dump) };
    return slice && age(slice) > SLICE_MS ? { kind: 'oplog', hours: hours(slice) } : null;
  }

  const off = dir === null ? NO_FOLDER : null;
  const jobs: CronJob[] = [
    {
      name: 'backup',
      label: { 'zh-CN': '每日备份', en: 'Daily backup' },
      ticks: cron('0 2 * * *'),
      missed: 'latest',
      timeLimitMs: 4 * HOUR_MS,
      maxAttempts: 3,
      off,
      run: run([]),
    },
    {
      name: 'backup-slices',
      label: { 'zh-CN': '备份增量（oplog）', en: 'Backup of the changes (oplog)' },
      ticks: cron('*/15 * * * *'),
      missed: 'latest',
      timeLimitMs: 14 * MINUTE_MS,
      // The next one is as good as another try.
      maxAttempts: 1,
      off,
      run: run(['--oplog']),
    },
    {
      name: 'backup-alarm',
      label: { 'zh-CN': '备份检查', en: 'Age of the last backup' },
      ticks: cron('5 * * * *'),
      missed: 'latest',
      timeLimitMs: MINUTE_MS,
      // In production somebody must back up, from here or from elsewhere.
      off: config.production ? null : off,
      async run() {
        const late = await overdue();
        if (late)
          log.error('backup.overdue', { kind: late.kind, ...(late.hours === null ? {} : { hours: late.hours }) });
        return { overdue: late ? 1 : 0 };
      },
      async warning() {
        const late = await overdue();
        return late && sentence(late);
      },
    },
  ];
  return { jobs };
}

function sentence({ kind, hours }: { kind: BackupDoc['kind']; hours: number | null }): Text {
  if (hours === null) return { 'zh-CN': '还没有成功的备份', en: 'There is no good backup yet' };
  return kind === 'dump'
    ? { 'zh-CN': `最近一次成功的备份是 ${hours} 小时前`, en: `The last good backup is ${hours} hours old` }
    : {
        'zh-CN': `最近一次成功的增量备份是 ${hours} 小时前`,
        en: `The last good backup of the changes is ${hours} hours old`,
      };
}

import type { Types } from 'mongoose';
import type { Deps } from '../../deps.ts';
import { cron, removeAll, type CronJob } from '../../infra/jobs/index.ts';
import type { Audit } from '../audit/index.ts';
import { personMergeModel } from './people.merge.model.ts';
import { personLinkModel, personModel } from './people.model.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface PeopleUses {
  /** Which of these people something else is still about. */
  ofPeople(ids: readonly Types.ObjectId[]): Promise<ReadonlySet<string>>;
}

/** People who have lain in the recycle bin for long go for good, unless a record or another person still names them. */
export function createPeopleJobs(
  { mongo, config }: Pick<Deps, 'mongo' | 'config'>,
  { audit, uses }: { audit: Pick<Audit, 'record'>; uses: PeopleUses },
): CronJob[] {
  const people = personModel(mongo);
  return [
    {
      name: 'purged-people',
      label: { 'zh-CN': '清空回收站：人员', en: 'Recycle bin: people' },
      // After the records, which may have been the last to name them.
      ticks: cron('45 3 * * *'),
      missed: 'latest',
      timeLimitMs: 60 * MINUTE_MS,
      async run(run) {
        const before = new Date(run.scheduledAt.getTime() - config.recycleDays * DAY_MS);
        const removed = await removeAll<unknown, Types.ObjectId>(
          run,
          people as never,
          { deletedAt: { $ne: null, $lt: before } },
          {
            async keep(ids) {
              const [named, merged] = [
                await uses.ofPeople(ids),
                await people.distinct('mergedInto', { mergedInto: { $in: ids } }),
              ];
              return new Set([...named, ...merged.map(String)]);
            },
            async also(ids) {
              await personLinkModel(mongo).deleteMany({ personId: { $in: ids } });
              // With the duplicate gone nothing is left to take back.
              await personMergeModel(mongo).deleteMany({ fromId: { $in: ids } });
              for (const id of ids)
                await audit.record({
                  caller: { kind: 'system' },
                  action: 'person.purged',
                  object: { type: 'person', id: String(id) },
                });
            },
          },
        );
        return { removed };
      },
    },
  ];
}

import type { Model, PipelineStage } from 'mongoose';
import type { Deps } from '../../deps.ts';
import { endOfDay, shanghaiDay, startOfDay } from '../../infra/clock/index.ts';
import { cron, type CronJob } from '../../infra/jobs/index.ts';
import type { People } from '../people/index.ts';
import type { Submissions } from '../submissions/index.ts';
import { dailyFiguresModel, type Counts, type DailyFiguresDoc } from './figures.model.ts';

export { dailyFiguresModel, type DailyFiguresDoc } from './figures.model.ts';

const DAY_MS = 24 * 3_600_000;
const READ_MS = 300_000;
/** Stands for the whole among the region codes. */
const ALL = 'all';

interface Row {
  _id: { form: string | null; region: string; kind: string };
  count: number;
}

/** Counts of every day, so that curves over years need no look at the documents. */
export function createFigures(
  { mongo, clock }: Pick<Deps, 'mongo' | 'clock'>,
  { submissions, people }: { submissions: Pick<Submissions, 'model'>; people: Pick<People, 'model'> },
) {
  const figures = dailyFiguresModel(mongo);

  /** Counts the documents of a day by form, region and kind. */
  const count = <T>(
    model: Model<T>,
    day: string,
    field: string,
    by: { form: unknown; kind: unknown },
  ): Promise<Row[]> => {
    const within = { $gte: startOfDay(day), $lt: endOfDay(day) };
    const stages: PipelineStage[] = [
      // Two ranges of the index over deletedAt and the moment.
      {
        $match: {
          $or: [
            { deletedAt: null, [field]: within },
            { deletedAt: { $ne: null }, [field]: within },
          ],
        },
      },
      { $project: { ...by, region: { $concatArrays: [[ALL], '$scope.regionPath'] } } },
      { $unwind: '$region' },
      { $group: { _id: { form: '$form', region: '$region', kind: '$kind' }, count: { $sum: 1 } } },
    ];
    return model.aggregate<Row>(stages).option({ maxTimeMS: READ_MS });
  };

  async function countDay(day: string): Promise<DailyFiguresDoc[]> {
    const deleted = { $ne: ['$deletedAt', null] };
    const rows = [
      ...(await count(submissions.model(), day, 'submittedAt', {
        form: '$formKey',
        kind: { $cond: [deleted, 'deleted', '$status'] },
      })),
      ...(await count(people.model(), day, 'createdAt', {
        form: { $literal: null },
        kind: { $cond: [deleted, 'deleted', { $literal: 'registered' }] },
      })),
    ];
    const docs = new Map<string, DailyFiguresDoc>();
    for (const { _id, count: value } of rows) {
      const id = `${day}/${_id.form ?? ''}`;
      const doc = docs.get(id) ?? { _id: id, day, formKey: _id.form, all: {}, regions: {}, countedAt: clock() };
      docs.set(id, doc);
      const counts: Counts = _id.region === ALL ? doc.all : (doc.regions[_id.region] ??= {});
      counts[_id.kind] = value;
    }
    return [...docs.values()];
  }

  const daily: CronJob = {
    name: 'daily-figures',
    label: { 'zh-CN': '每日统计', en: 'Daily figures' },
    // Of the day before, which has ended by then; a day that nobody was there for is counted afterwards.
    ticks: cron('15 0 * * *'),
    missed: 'all',
    mostMissed: 31,
    jitterMs: 60_000,
    timeLimitMs: 30 * 60_000,
    async run({ scheduledAt, once }) {
      const day = shanghaiDay(new Date(scheduledAt.getTime() - DAY_MS));
      const docs = await countDay(day);
      return once(async () => {
        await figures.deleteMany({ day });
        await figures.insertMany(docs);
        return { forms: docs.filter(({ formKey }) => formKey !== null).length };
      });
    },
  };

  return { jobs: [daily] };
}

import type { Deps } from '../../deps.ts';
import { access, obj, responses, routeConfig, z, Day, type Req, type StaffCaller } from '../../http/index.ts';
import { endOfDay, shanghaiDay, startOfDay } from '../../infra/clock/index.ts';
import type { Forms } from '../forms/index.ts';
import type { People } from '../people/index.ts';
import { scoped } from '../scope/index.ts';
import type { Submissions } from '../submissions/index.ts';

const DAYS = 7;
const MOST = 10_000;
const count = z.number().int();
const Overview = obj({
  today: Day,
  /** Counted up to 10,000, as all of these. */
  submissions: count,
  submissionsToday: count,
  /** Those whose person has to be verified. */
  claimed: count,
  /** Of the last seven days, oldest first. */
  byDay: z.array(obj({ day: Day, count })),
  /** null without the permission to see people. */
  people: count.nullable(),
  openForms: count,
});

type Parts = { people: Pick<People, 'model'>; submissions: Pick<Submissions, 'model'>; forms: Pick<Forms, 'open'> };

/** The numbers of the home page, within the caller's scope. */
export function createOverview({ clock }: Pick<Deps, 'clock'>, { people, submissions, forms }: Parts) {
  async function overview(caller: StaffCaller) {
    const today = shanghaiDay(clock());
    const reach = scoped(submissions.model(), caller, 'submission.read');
    const week = startOfDay(today).getTime() - (DAYS - 1) * 24 * 3_600_000;
    const active = { deletedAt: null };
    const found = await reach.aggregate<{ _id: string; count: number }>([
      { $match: { ...active, submittedAt: { $gte: new Date(week) } } },
      {
        $group: {
          _id: { $dateToString: { date: '$submittedAt', format: '%Y-%m-%d', timezone: '+08:00' } },
          count: { $sum: 1 },
        },
      },
    ]);
    const counts = new Map(found.map(({ _id, count }) => [_id, count]));
    const days = Array.from({ length: DAYS }, (_, at) => shanghaiDay(new Date(week + at * 24 * 3_600_000)));
    return {
      today,
      submissions: (await reach.countCapped(active, MOST)).count,
      submissionsToday: (
        await reach.countCapped({ ...active, submittedAt: { $gte: startOfDay(today), $lt: endOfDay(today) } }, MOST)
      ).count,
      claimed: (await reach.countCapped({ ...active, claimed: true }, MOST)).count,
      byDay: days.map((day) => ({ day, count: counts.get(day) ?? 0 })),
      people: caller.permissions.has('person.read')
        ? (await scoped(people.model(), caller, 'person.read').countCapped(active, MOST)).count
        : null,
      openForms: (await forms.open()).length,
    };
  }
  return { controllers: [new OverviewController(overview)] };
}

class OverviewController {
  constructor(private readonly overview: (caller: StaffCaller) => Promise<z.infer<typeof Overview>>) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/overview',
    operationId: 'getOverview',
    summary: 'Counts for the home page',
    tags: ['overview'],
  })
  @access({ audience: 'business', permission: 'submission.read' })
  @responses(Overview)
  getOverview({ caller }: Req) {
    return this.overview(caller);
  }
}

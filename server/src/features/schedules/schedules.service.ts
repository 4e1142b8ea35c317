import type { Deps } from '../../deps.ts';
import { decodeCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import { afterCommit, transact } from '../../infra/mongo/index.ts';
import type { Cron, CronJob } from '../../infra/jobs/index.ts';
import type { Audit } from '../audit/index.ts';
import { holdsEverywhere } from '../scope/index.ts';
import { presentRun, presentSchedule } from './schedules.presenter.ts';

const LAST_MOMENT = 8.64e15;

/** Who does something, and from where. */
export interface Operator {
  caller: StaffCaller;
  ip: string;
}

/** Jobs belong to the whole installation: a right for one region or organisation is none here. @throws forbidden */
export function assertEverywhere(caller: StaffCaller, permission: Permission): void {
  if (!holdsEverywhere(caller, permission)) throw new Problem('forbidden');
}

/** Jobs as operators see and steer them. */
export function createSchedulesService(
  { mongo, clock }: Pick<Deps, 'mongo' | 'clock'>,
  { audit, cron }: { audit: Pick<Audit, 'record'>; cron: Cron },
) {
  const asker = ({ accountId, name }: StaffCaller) => ({ accountId, name });

  /** @throws not_found */
  const find = (name: string): CronJob => {
    const job = cron.jobs.find((one) => one.name === name);
    if (!job) throw new Problem('not_found');
    return job;
  };

  async function facts(job: CronJob) {
    const [docs, [last = null], success, warning] = await Promise.all([
      cron.schedules(),
      cron.runs(job.name, null, 1),
      cron.lastSuccess(job.name),
      job.off ? null : job.warning?.(),
    ]);
    return presentSchedule({ job, doc: docs.get(job.name), last, success, warning: warning ?? null, now: clock() });
  }

  /** Changes a job's plan and records it, as one. */
  async function change<T>(
    { caller, ip }: Operator,
    name: string,
    action: AuditAction,
    work: (job: CronJob) => Promise<T>,
  ): Promise<T> {
    assertEverywhere(caller, 'job.manage');
    const job = find(name);
    if (job.off) throw new Problem('not_ready');
    return transact(mongo, async () => {
      const result = await work(job);
      await audit.record({ caller, ip, action, object: { type: 'job', id: name } });
      afterCommit(mongo, () => void cron.wake());
      return result;
    });
  }

  return {
    async list(caller: StaffCaller) {
      assertEverywhere(caller, 'job.read');
      return { items: await Promise.all(cron.jobs.map(facts)) };
    },

    /** @throws not_found, invalid_input for a cursor that we did not make */
    async runs(caller: StaffCaller, name: string, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      assertEverywhere(caller, 'job.read');
      const job = find(name);
      const found = await cron.runs(job.name, cursor ? placeOf(cursor) : null, limit + 1);
      const rows = found.slice(0, limit);
      const more = found.length > limit;
      return {
        items: rows.map(presentRun),
        nextCursor: more ? encodeCursor([rows.at(-1)!.scheduledAt.getTime()]) : null,
      };
    },

    /** Has it run now, also while it is paused. @throws not_found, not_ready when it is off here, in_progress */
    runNow: (operator: Operator, name: string) =>
      change(operator, name, 'job.run_asked', async (job) => {
        const run = await cron.runNow(job.name, asker(operator.caller));
        if (!run) throw new Problem('in_progress');
        return presentRun(run);
      }),

    /** Also when it is paused already. @throws not_found, not_ready */
    async pause(operator: Operator, name: string) {
      await change(operator, name, 'job.paused', (job) => cron.pause(job.name, asker(operator.caller)));
      return facts(find(name));
    },

    /** Also when it is not paused. @throws not_found, not_ready */
    async resume(operator: Operator, name: string) {
      await change(operator, name, 'job.resumed', (job) => cron.resume(job.name));
      return facts(find(name));
    },
  };
}

/** A run's place in its job's list. */
function placeOf(cursor: string): Date {
  const [ms] = decodeCursor(cursor, ['number']) as [number];
  if (!Number.isInteger(ms) || Math.abs(ms) > LAST_MOMENT)
    throw new Problem('invalid_input', { issues: [{ path: 'query.cursor', code: 'pattern_mismatch' }] });
  return new Date(ms);
}

import type { CronJob, CronRunDoc, ScheduleDoc } from '../../infra/jobs/index.ts';
import type { z } from '../../http/index.ts';
import type { RunItem, ScheduleItem } from './schedules.schema.ts';

const NEXT = 3;
const moment = (at: Date | null | undefined) => at?.toISOString() ?? null;

/** A run as it leaves the server. */
export function presentRun({
  _id,
  job,
  scheduledAt,
  asked,
  work,
  endedAt,
  result,
}: CronRunDoc): z.output<typeof RunItem> {
  const { state, due, takenAt, attempts, fault, holder } = work;
  return {
    id: _id,
    job,
    scheduledAt: scheduledAt.toISOString(),
    asked: asked && { accountId: asked.accountId, name: asked.name },
    state: state === 'done' && fault !== null ? 'dismissed' : state,
    nextTryAt: state === 'waiting' ? moment(due) : null,
    startedAt: moment(takenAt),
    endedAt: moment(endedAt),
    seconds: endedAt && takenAt ? Math.max(0, endedAt.getTime() - takenAt.getTime()) / 1000 : null,
    attempts,
    fault,
    holder,
    result,
  };
}

export interface ScheduleFacts {
  job: CronJob;
  /** Absent: it has never been planned. */
  doc: ScheduleDoc | undefined;
  last: CronRunDoc | null;
  success: CronRunDoc | null;
  warning: CronJob['off'];
  now: Date;
}

/** A job with its plan and its last run. */
export function presentSchedule({
  job,
  doc,
  last,
  success,
  warning,
  now,
}: ScheduleFacts): z.output<typeof ScheduleItem> {
  const off = job.off ?? null;
  const paused = doc?.paused ?? null;
  return {
    job: job.name,
    label: job.label,
    pattern: job.ticks.text,
    timeZone: 'Asia/Shanghai',
    missed: job.missed,
    timeLimitSeconds: job.timeLimitMs / 1000,
    state: off ? 'off' : last?.work.state === 'running' ? 'running' : paused ? 'paused' : 'idle',
    off,
    warning: warning ?? null,
    paused: paused && { at: paused.at.toISOString(), by: paused.by.name },
    skippedTicks: doc?.skipped ?? 0,
    nextRuns: off || paused ? [] : nextRuns(job, now),
    lastRun: last && presentRun(last),
    lastSuccessAt: moment(success?.endedAt),
  };
}

function nextRuns({ ticks }: CronJob, now: Date): string[] {
  const moments: string[] = [];
  for (let at = ticks.next(now); at && moments.length < NEXT; at = ticks.next(at)) moments.push(at.toISOString());
  return moments;
}

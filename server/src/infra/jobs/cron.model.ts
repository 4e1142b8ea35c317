import type { Connection, Model } from 'mongoose';
import { defineSchema } from '../mongo/index.ts';
import { workDefinition, type Work } from './work.ts';

/** Somebody who asked for something. */
export interface Asker {
  accountId: string;
  name: string;
}
const askerDefinition = {
  type: { _id: false, accountId: { type: String, required: true }, name: { type: String, required: true } },
  default: null,
};

/** Where the planning of a job stands: what the next tick is counted from, whatever process looks. */
export interface ScheduleDoc {
  /** Name of the job. */
  _id: string;
  /** Every tick up to this moment has been decided. */
  planned: Date;
  paused: { at: Date; by: Asker } | null;
  /** Ticks that passed while nobody ran, and were not made up for. */
  skipped: number;
  /** Runs that were held since the pause began. */
  held: number;
}

/** A schedule that begins with its next tick. */
export const newSchedule = (now: Date): Omit<ScheduleDoc, '_id'> => ({
  planned: now,
  paused: null,
  skipped: 0,
  held: 0,
});

const scheduleSchema = () =>
  defineSchema<ScheduleDoc>({
    _id: { type: String, required: true },
    planned: { type: Date, required: true },
    paused: { type: { _id: false, at: { type: Date, required: true }, by: askerDefinition }, default: null },
    skipped: { type: Number, required: true },
    held: { type: Number, required: true },
  });

export const scheduleModel = (connection: Connection): Model<ScheduleDoc> =>
  (connection.models['Schedule'] as Model<ScheduleDoc> | undefined) ??
  connection.model<ScheduleDoc>('Schedule', scheduleSchema(), 'schedules');

/** One run of a job: of a tick, or asked for. */
export interface CronRunDoc {
  /** `<job>@<scheduledAt as ISO 8601>`: a tick has one run, whoever plans it. */
  _id: string;
  job: string;
  scheduledAt: Date;
  /** Who wanted it now; null for a tick. */
  asked: Asker | null;
  work: Work;
  endedAt: Date | null;
  /** What it counted, by name. */
  result: Record<string, number> | null;
}

const runSchema = () =>
  defineSchema<CronRunDoc>({
    _id: { type: String, required: true },
    job: { type: String, required: true },
    scheduledAt: { type: Date, required: true },
    asked: askerDefinition,
    work: workDefinition,
    endedAt: { type: Date, default: null },
    result: { type: 'Mixed', default: null },
  });

export const cronRunModel = (connection: Connection): Model<CronRunDoc> =>
  (connection.models['CronRun'] as Model<CronRunDoc> | undefined) ??
  connection.model<CronRunDoc>('CronRun', runSchema(), 'cronRuns');

export const runId = (job: string, at: Date): string => `${job}@${at.toISOString()}`;

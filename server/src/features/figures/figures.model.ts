import type { Connection, Model } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';

/** Counts by name: of submissions `submitted`, `withdrawn`, `deleted`; of people `registered`. */
export type Counts = Record<string, number>;

/** What came in on one day, of one form (or of people), as it stood when it was counted. */
export interface DailyFiguresDoc {
  /** `<day>/<formKey>`, or `<day>/` of people. */
  _id: string;
  /** `YYYY-MM-DD` in Asia/Shanghai. */
  day: string;
  /** null: new people. */
  formKey: string | null;
  all: Counts;
  /** By region code; each counts for its county, city and province. What has no region is in `all` only. */
  regions: Record<string, Counts>;
  countedAt: Date;
}

const schema = () =>
  defineSchema<DailyFiguresDoc>({
    _id: { type: String, required: true },
    day: { type: String, required: true },
    formKey: { type: String, default: null },
    all: { type: 'Mixed', required: true },
    regions: { type: 'Mixed', required: true },
    countedAt: { type: Date, required: true },
  });

export const dailyFiguresModel = (connection: Connection): Model<DailyFiguresDoc> =>
  (connection.models['DailyFigures'] as Model<DailyFiguresDoc> | undefined) ??
  connection.model<DailyFiguresDoc>('DailyFigures', schema(), 'dailyFigures');

import type { Model, Types } from 'mongoose';
import type { Deps } from '../src/deps.ts';
import { newWork, workDefinition, type Work } from '../src/infra/jobs/index.ts';
import { defineSchema } from '../src/infra/mongo/index.ts';

/** Work as simple as it gets: it counts its steps. */
export interface Chore {
  _id: Types.ObjectId;
  name: string;
  steps: number;
  note: string | null;
  work: Work;
}

export const choreModel = ({ mongo }: Pick<Deps, 'mongo'>): Model<Chore> =>
  (mongo.models['Chore'] as Model<Chore> | undefined) ??
  mongo.model<Chore>(
    'Chore',
    defineSchema<Chore>({
      name: { type: String, required: true },
      steps: { type: Number, required: true },
      note: { type: String, default: null },
      work: workDefinition,
    }),
    'chores',
  );

/** Adds chores that are due now, or `lateMs` earlier each than the next: the first is the oldest. */
export async function addChores(deps: Pick<Deps, 'mongo' | 'clock'>, names: string[], lateMs = 0): Promise<Chore[]> {
  const now = deps.clock().getTime();
  const docs = names.map((name, at) => ({
    name,
    steps: 0,
    note: null,
    work: newWork(new Date(now - (names.length - at) * lateMs)),
  }));
  return (await choreModel(deps).insertMany(docs)).map((doc) => doc.toObject() as Chore);
}

export const chore = async (deps: Pick<Deps, 'mongo'>, name: string): Promise<Chore> =>
  (await choreModel(deps).findOne({ name }).lean<Chore>())!;

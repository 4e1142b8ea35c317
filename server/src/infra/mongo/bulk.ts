import type { Model, mongo } from 'mongoose';

interface BulkError {
  code?: unknown;
  writeErrors?: { code: number; index: number }[] | { code: number; index: number };
}

/**
 * Inserts ready documents at the driver's speed (no hydration, no defaults, no casting: they must be complete), going on
 * after those that a unique index refuses. Not for use inside a transaction.
 * @returns the places of the refused ones, in order
 * @throws any other error
 */
export async function insertNew<T>(model: Model<T>, docs: readonly T[]): Promise<number[]> {
  if (docs.length === 0) return [];
  try {
    await model.collection.insertMany(docs as never[], { ordered: false });
    return [];
  } catch (error) {
    const { writeErrors } = error as BulkError;
    const faults = writeErrors === undefined ? [] : [writeErrors].flat();
    if (faults.length === 0 || faults.some(({ code }) => code !== 11000)) throw error;
    return faults.map(({ index }) => index).sort((a, b) => a - b);
  }
}

/** An update of one document that was read before: its filter names the state it was made from (`rev`). */
export interface ReadUpdate {
  filter: object;
  update: object;
}

/**
 * Applies updates of different documents at the driver's speed. Not for use inside a transaction.
 * @returns whether every one met the state it was made from; if not, somebody else wrote meanwhile: look again which ones
 */
export async function updateRead<T>(model: Model<T>, updates: readonly ReadUpdate[]): Promise<boolean> {
  if (updates.length === 0) return true;
  const operations = updates.map((updateOne) => ({ updateOne })) as unknown as mongo.AnyBulkWriteOperation[];
  const { matchedCount } = await model.collection.bulkWrite(operations, { ordered: false });
  return matchedCount === updates.length;
}

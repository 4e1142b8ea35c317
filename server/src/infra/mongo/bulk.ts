import type { Model } from 'mongoose';

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

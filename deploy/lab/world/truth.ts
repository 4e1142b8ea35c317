import mongoose from 'mongoose';
import type { WriteSeen } from '../driver/protocol.ts';

/** What the database says about writes. */
export interface Truth {
  acknowledged: number;
  /** Acknowledged, and not there. */
  lost: string[];
  /** There more than once. */
  duplicated: string[];
  /** Without an answer, and there: why clients need idempotency keys. */
  happenedUnseen: number;
}

/** Holds what clients were told against what is stored. Names of people are stored in clear. */
export async function findTruth(mongoUrl: string, mark: string, writes: readonly WriteSeen[]): Promise<Truth> {
  const client = await mongoose.mongo.MongoClient.connect(mongoUrl);
  try {
    const db = client.db();
    const people = await db
      .collection('people')
      .aggregate<{ _id: string; count: number }>([
        { $match: { name: { $regex: `^${mark}\\d` } } },
        { $group: { _id: '$name', count: { $sum: 1 } } },
      ])
      .toArray();
    const found = new Map(people.map(({ _id, count }) => [_id, count]));
    const imports = await db
      .collection('imports')
      .find({}, { projection: { _id: 1 } })
      .toArray();
    for (const { _id } of imports) found.set(String(_id), 1);
    const acknowledged = writes.filter(({ seen }) => seen === 'acknowledged');
    return {
      acknowledged: acknowledged.length,
      lost: acknowledged.filter(({ name }) => !found.has(name)).map(({ name }) => name),
      duplicated: [...found].filter(([, count]) => count > 1).map(([name]) => name),
      happenedUnseen: writes.filter(({ seen, name }) => seen === 'unknown' && found.has(name)).length,
    };
  } finally {
    await client.close();
  }
}

/** Runs of scheduled jobs that exist more than once for one tick, or whose work was claimed again after it was done. */
export async function doubledTicks(mongoUrl: string): Promise<{ ticks: number; doubled: string[] }> {
  const client = await mongoose.mongo.MongoClient.connect(mongoUrl);
  try {
    const runs = client.db().collection('cronRuns');
    const doubled = await runs
      .aggregate<{ _id: { job: string; at: Date } }>([
        { $match: { asked: null } },
        { $group: { _id: { job: '$job', at: '$scheduledAt' }, count: { $sum: 1 } } },
        { $match: { count: { $gt: 1 } } },
      ])
      .toArray();
    return {
      ticks: await runs.countDocuments({ asked: null }),
      doubled: doubled.map(({ _id }) => `${_id.job} at ${_id.at.toISOString()}`),
    };
  } finally {
    await client.close();
  }
}

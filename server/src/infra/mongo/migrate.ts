import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import type { Log } from '../logger/index.ts';
import { takeLease, type Lease } from './lease.ts';

/**
 * A step forward of the database. `up` may be run again after it was cut in the middle, and old code must go on working
 * beside its result: expand first, migrate, contract in a later release.
 */
export interface Migration {
  /** `2026-11-21-what-it-does`; the date gives the order. Never changed once released. */
  id: string;
  up(db: mongo.Db): Promise<void>;
}

interface Applied {
  _id: string;
  appliedAt?: Date;
  durationMs?: number;
}

const COLLECTION = 'migrations';
const LEASE = 'lease';
const POLL_MS = 250;

const database = (connection: Connection) => connection.getClient().db(connection.name) as unknown as mongo.Db;

/** The ids that were not applied yet, oldest first. */
export async function pendingMigrations(connection: Connection, migrations: readonly Migration[]): Promise<string[]> {
  const rows = await database(connection)
    .collection<Applied>(COLLECTION)
    .find({ appliedAt: { $exists: true } })
    .toArray();
  const applied = new Set(rows.map((row) => row._id));
  return inOrder(migrations)
    .map(({ id }) => id)
    .filter((id) => !applied.has(id));
}

/**
 * Applies what is pending, in order of the ids, one process at a time: a second runner waits and then finds nothing to do.
 * @returns the ids applied by this call
 * @throws the first failing migration's error, after logging it; those before it stay applied
 */
export async function runMigrations(
  connection: Connection,
  migrations: readonly Migration[],
  log: Log,
  waitMs = 600_000,
): Promise<string[]> {
  if ((await pendingMigrations(connection, migrations)).length === 0) return [];
  const lease = await waitForLease(connection, log, waitMs);
  try {
    const pending = new Set(await pendingMigrations(connection, migrations));
    const applied: string[] = [];
    for (const migration of inOrder(migrations).filter(({ id }) => pending.has(id))) {
      if (!lease.held()) throw new Error('the migration lease was lost; run again');
      await apply(connection, migration, log);
      applied.push(migration.id);
    }
    return applied;
  } finally {
    await lease.release();
  }
}

async function apply(connection: Connection, { id, up }: Migration, log: Log): Promise<void> {
  const begun = Date.now();
  try {
    await up(database(connection));
  } catch (error) {
    log.error('migration.failed', { id, err: error });
    throw error;
  }
  const durationMs = Date.now() - begun;
  const rows = database(connection).collection<Applied>(COLLECTION);
  await rows.updateOne({ _id: id }, { $set: { appliedAt: new Date(), durationMs } }, { upsert: true });
  log.info('migration.applied', { id, durationMs });
}

async function waitForLease(connection: Connection, log: Log, waitMs: number): Promise<Lease> {
  const giveUp = Date.now() + waitMs;
  for (let first = true; ; first = false) {
    const lease = await takeLease(connection, COLLECTION, LEASE);
    if (lease) return lease;
    if (Date.now() > giveUp) throw new Error('another process has been migrating for too long');
    if (first) log.info('migration.waiting');
    await sleep(POLL_MS);
  }
}

/** Sorted by id; refuses ids that are malformed or used twice. */
function inOrder(migrations: readonly Migration[]): Migration[] {
  const sorted = [...migrations].sort((a, b) => (a.id < b.id ? -1 : 1));
  sorted.forEach(({ id }, at) => {
    if (!/^\d{4}-\d{2}-\d{2}-[a-z0-9-]+$/.test(id)) throw new Error(`malformed migration id: ${id}`);
    if (sorted[at - 1]?.id === id) throw new Error(`migration id used twice: ${id}`);
  });
  return sorted;
}

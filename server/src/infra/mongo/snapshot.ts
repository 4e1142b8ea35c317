import { mongo, type Connection } from 'mongoose';

/** The longest that one command of a snapshot may take, ms: counting a million documents, sorting them without an index. */
const COMMAND_MS = 120_000;

/** The server no longer has the data as of that time, or can't read it so any more: begin at a new one. */
export function isSnapshotGone(error: unknown): boolean {
  // SnapshotTooOld; SnapshotUnavailable: the collection or its indexes were changed since.
  return error instanceof Error && [239, 246].includes((error as { code?: number }).code ?? 0);
}

/** No signal: the driver would drop a first answer on its way, and with it the id by which its cursor can be closed. */
export interface SnapshotFind {
  sort?: Record<string, 1 | -1>;
  projection?: Record<string, 0 | 1>;
  batchSize?: number;
  /** Of the whole cursor; none unless told, as many rows take long. */
  maxTimeMS?: number;
}

export interface SnapshotAggregate {
  maxTimeMS?: number;
  signal?: AbortSignal;
}

/** Any number of reads as of one cluster time, whatever is written meanwhile and whichever process reads. */
export interface Snapshot {
  readonly at: mongo.Timestamp;
  find<T extends object>(
    collection: string,
    filter: mongo.Filter<mongo.Document>,
    options: SnapshotFind,
  ): mongo.FindCursor<T>;
  aggregate<R extends object>(collection: string, stages: mongo.Document[], options?: SnapshotAggregate): Promise<R[]>;
}

/** A cluster time's wall clock: that of the database, to the second. */
export const momentOf = (at: mongo.Timestamp): Date => new Date(at.getHighBits() * 1000);

/** The time up to which everything is on a majority by now: all that was acknowledged before. */
async function majorityTime(db: mongo.Db): Promise<mongo.Timestamp> {
  const { lastWrite } = await db.command({ hello: 1 });
  return (lastWrite as { majorityOpTime: { ts: mongo.Timestamp } }).majorityOpTime.ts;
}

/**
 * Opens a snapshot: of now, or of a cluster time which another process read at. Reads fail with an error of
 * `isSnapshotGone` when it lies further back than the server keeps (`minSnapshotHistoryWindowInSeconds`).
 *
 * Not by the driver's snapshot sessions: they send the read concern with killCursors too, which the server refuses, so
 * that a cursor that is given up stays open there for ten minutes (driver 7.5).
 */
export async function openSnapshot(connection: Connection, given?: mongo.Timestamp | null): Promise<Snapshot> {
  const client = connection.getClient();
  const at = given ?? (await majorityTime(client.db(connection.name)));
  // The driver sends whatever a read concern holds, with `find` and `aggregate` alone.
  const readConcern = Object.assign(new mongo.ReadConcern('snapshot'), { atClusterTime: at });
  const db = client.db(connection.name, { readConcern });
  // The socket may be silent for as long as one command of these may take; the driver's types don't name the option.
  const patient = { socketTimeoutMS: COMMAND_MS };
  return {
    at,
    find: <T extends object>(collection: string, filter: mongo.Filter<mongo.Document>, options: SnapshotFind) =>
      db
        .collection(collection)
        .find(filter, { ...patient, allowDiskUse: true, ...options }) as unknown as mongo.FindCursor<T>,
    aggregate: <R extends object>(collection: string, stages: mongo.Document[], options: SnapshotAggregate = {}) =>
      db
        .collection(collection)
        .aggregate<R>(stages, { ...patient, maxTimeMS: COMMAND_MS, ...options })
        .toArray(),
  };
}

import { mongo, type Connection } from 'mongoose';

/** The longest that one command of a snapshot may take, ms: counting a million documents, sorting them without an index. */
const COMMAND_MS = 120_000;

/** The server no longer has the data as of that time, or can't read it so any more: begin at a new one. */
export function isSnapshotGone(error: unknown): boolean {
  // SnapshotTooOld; SnapshotUnavailable: the collection or its indexes were changed since.
  return error instanceof Error && [239, 246].includes((error as { code?: number }).code ?? 0);
}

export interface SnapshotFind {
  sort?: Record<string, 1 | -1>;
  projection?: Record<string, 0 | 1>;
  batchSize?: number;
  /** Of the whole cursor. */
  maxTimeMS?: number;
  signal?: AbortSignal;
}

export interface SnapshotAggregate {
  maxTimeMS?: number;
  signal?: AbortSignal;
}

/** Any number of reads as of one cluster time, whatever is written meanwhile and whichever process reads. */
export interface Snapshot {
  /** Set by the first read, unless it was given. */
  readonly at: mongo.Timestamp | undefined;
  find<T extends object>(
    collection: string,
    filter: mongo.Filter<mongo.Document>,
    options: SnapshotFind,
  ): mongo.FindCursor<T>;
  aggregate<R extends object>(collection: string, stages: mongo.Document[], options?: SnapshotAggregate): Promise<R[]>;
  end(): Promise<void>;
}

/** A cluster time's wall clock: that of the database, to the second. */
export const momentOf = (at: mongo.Timestamp): Date => new Date(at.getHighBits() * 1000);

/**
 * Opens a snapshot: a new one, or that of a cluster time which another process read at. Reads fail with an error of
 * `isSnapshotGone` when it lies further back than the server keeps (`minSnapshotHistoryWindowInSeconds`).
 */
export function openSnapshot(connection: Connection, at?: mongo.Timestamp | null): Snapshot {
  const client = connection.getClient();
  const session = client.startSession({ snapshot: true }) as mongo.ClientSession & { snapshotTime?: mongo.Timestamp };
  // The driver sends this time with every read of the session; it sets it itself from the answer to a first one.
  if (at) session.snapshotTime = at;
  // The connection's own level (majority) would win over the session's.
  const readConcern = mongo.ReadConcern.fromOptions({ level: 'snapshot' });
  const db = client.db(connection.name, readConcern ? { readConcern } : {});
  // The socket may be silent for as long as one command of these may take; the driver's types don't name the option.
  const patient = { session, maxTimeMS: COMMAND_MS, ...{ socketTimeoutMS: COMMAND_MS } };
  return {
    get at() {
      return session.snapshotTime;
    },
    find: <T extends object>(collection: string, filter: mongo.Filter<mongo.Document>, options: SnapshotFind) =>
      db
        .collection(collection)
        .find(filter, { ...patient, allowDiskUse: true, ...options }) as unknown as mongo.FindCursor<T>,
    aggregate: <R extends object>(collection: string, stages: mongo.Document[], options: SnapshotAggregate = {}) =>
      db
        .collection(collection)
        .aggregate<R>(stages, { ...patient, ...options })
        .toArray(),
    end: () => session.endSession(),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Mongoose, type Connection } from 'mongoose';
import type { Log } from '../logger/index.ts';

export { isDuplicateKey, isTimeLimit, isUnavailable } from './errors.ts';
export { defineSchema } from './schema.ts';
export { pendingMigrations, runMigrations, type Migration } from './migrate.ts';
export { isSnapshotGone, momentOf, openSnapshot, type Snapshot } from './snapshot.ts';
export { afterCommit, transact, transaction } from './transact.ts';
export { insertNew, updateRead, type ReadUpdate } from './bulk.ts';

export interface MongoOptions {
  log: Log;
  /** How long to go on trying at the start, ms. A database that starts beside us may need a while. */
  patienceMs?: number;
  /** Longest silence on a socket, ms. 0 for migrations, whose index builds may take minutes. */
  socketTimeoutMS?: number;
  /** Longest a query may work, ms. Pass another with `.maxTimeMS()` on the query (a cursor counts all its batches). */
  maxTimeMS?: number;
  maxPoolSize?: number;
  /** How long a server may be silent before it counts as away, ms. */
  silenceMs?: number | undefined;
}

/**
 * Connects with a Mongoose of its own: no global connection, models or options. Acknowledged means on a majority;
 * inside `connection.transaction(fn)` every mongoose operation joins the transaction by itself
 * (`transactionAsyncLocalStorage`; the native driver under it does not).
 *
 * `sanitizeFilter` stays off: it would rewrite our own operators; values from outside are checked by the route's schema.
 * Commands are not buffered: without a database they fail after the selection timeout, never hang.
 * @throws the driver's error when the database does not answer within `patienceMs`
 */
export async function connectMongo(url: string, options: MongoOptions): Promise<Connection> {
  const { log, patienceMs = 30_000, socketTimeoutMS = 15_000, maxTimeMS = 8_000, maxPoolSize = 50 } = options;
  const { silenceMs = 1_500 } = options;
  const mongoose = new Mongoose({
    createInitialConnection: false,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    maxTimeMS,
    transactionAsyncLocalStorage: true,
  });
  const giveUp = Date.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    const connection = mongoose.createConnection();
    try {
      await connection.openUri(url, {
        appName: 'dengji',
        retryWrites: true,
        retryReads: true,
        writeConcern: { w: 'majority', wtimeoutMS: 8_000 },
        readConcern: { level: 'majority' },
        readPreference: 'primary',
        // A silent primary is noticed after heartbeat + connect, a retry then waits for another one: under 5 s together.
        heartbeatFrequencyMS: 500,
        connectTimeoutMS: silenceMs,
        serverSelectionTimeoutMS: 2_000,
        // Longer: who waits here waits for connections that are being made, on a host that starts beside its load. A silent
        // primary does not cost so much, since a connection that can't be made empties the pool.
        waitQueueTimeoutMS: 4_000,
        socketTimeoutMS,
        maxPoolSize,
        autoIndex: false,
        autoCreate: false,
      });
      watch(connection, log);
      log.info('mongo.connected', { attempt });
      return connection;
    } catch (error) {
      await connection.close(true).catch(() => undefined);
      if (Date.now() >= giveUp) throw error;
      log.warn('mongo.error', { attempt, err: error });
      await sleep(Math.min(1_000, 100 * attempt));
    }
  }
}

function watch(connection: Connection, log: Log): void {
  let closing = false;
  connection.on('close', () => (closing = true));
  connection.on('disconnecting', () => (closing = true));
  connection.on('disconnected', () => {
    if (!closing) log.error('mongo.disconnected');
  });
  connection.on('reconnected', () => log.info('mongo.reconnected'));
  connection.on('error', (error: unknown) => log.error('mongo.error', { err: error }));
}

import type { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientSession, Connection } from 'mongoose';
import { isDuplicateKey } from './errors.ts';

const ATTEMPTS = 3;

type Context = AsyncLocalStorage<{ session: ClientSession }>;

/** Where mongoose keeps the session of the transaction that the running code is in (`transactionAsyncLocalStorage`). */
const contextOf = (connection: Connection): Context =>
  (connection.base as unknown as { transactionAsyncLocalStorage: Context }).transactionAsyncLocalStorage;

const open = new WeakMap<Context, number>();
/** What is to happen when a transaction has committed; begun anew with each of its attempts. */
const then = new WeakMap<ClientSession, (() => void)[]>();

/**
 * Runs `work` in a new transaction of its own. Two writers that meet on a unique index: the whole work is done again, and
 * its look-ups then find the other's document. So: look first, don't catch duplicates inside, no side effects outside of
 * MongoDB.
 */
export async function transaction<T>(connection: Connection, work: (session: ClientSession) => Promise<T>): Promise<T> {
  const context = contextOf(connection);
  open.set(context, (open.get(context) ?? 0) + 1);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        let last: ClientSession | undefined;
        const result = (await connection.transaction((session) => {
          last = session;
          then.set(session, []);
          return work(session);
        })) as T;
        for (const tell of (last && then.get(last)) ?? []) tell();
        return result;
      } catch (error) {
        if (!isDuplicateKey(error) || attempt === ATTEMPTS) throw error;
      }
    }
  } finally {
    const left = open.get(context)! - 1;
    open.set(context, left);
    // Node 20 follows every promise of the process, a tenth of a read's cost, from the first use of such a context until it is
    // switched off. The next transaction switches it on again.
    if (left === 0) context.disable();
  }
}

/** Runs writes to several documents as one: in the transaction that is already open (a write with an Idempotency-Key), or in one of its own. */
export async function transact<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  return contextOf(connection).getStore()?.session ? work() : transaction(connection, work);
}

/** Tells the world outside of the database once the open transaction has committed; at once when there is none. */
export function afterCommit(connection: Connection, tell: () => void): void {
  const session = contextOf(connection).getStore()?.session;
  const waiting = session && then.get(session);
  if (waiting) waiting.push(tell);
  else tell();
}

import type { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientSession, Connection } from 'mongoose';
import { isDuplicateKey } from './errors.ts';

const ATTEMPTS = 3;

/**
 * Runs writes to several documents as one: in the transaction that is already open (a write with an Idempotency-Key),
 * or in one of its own. Two writers that meet on a unique index: the whole work is done again, and its look-ups then find
 * the other's document. So: look first, don't catch duplicates inside, no side effects outside of MongoDB.
 */
export async function transact<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const { transactionAsyncLocalStorage: open } = connection.base as unknown as {
    transactionAsyncLocalStorage?: AsyncLocalStorage<{ session: ClientSession }>;
  };
  if (open?.getStore()?.session) return work();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await connection.transaction(work)) as T;
    } catch (error) {
      if (!isDuplicateKey(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

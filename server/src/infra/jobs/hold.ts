import type { ClientSession, Connection, Model, UpdateQuery } from 'mongoose';
import { transaction } from '../mongo/index.ts';
import type { WorkDoc, WorkState } from './work.ts';

/** Somebody else has the work by now: what we still hold of it is void, and nothing may be written any more. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

export interface HoldOptions {
  clock: () => Date;
  /** How long a worker may be silent before another one takes over, ms. */
  leaseMs: number;
}

export interface Ended {
  state: Exclude<WorkState, 'running'>;
  /** Default now. */
  due?: Date;
  /** undefined leaves it, null clears it. */
  fault?: string | null;
  attempts?: number;
}

/**
 * One worker's hold over one document. Every write carries the fence in its filter, in the same operation: a worker that
 * was stopped past the end of its lease can't write late, whatever it believes. A heartbeat renews the lease meanwhile.
 */
export class Hold<T extends WorkDoc> {
  /** The document as it was after our last write. */
  doc: T;
  readonly fence: number;
  /** It was taken from a worker that had fallen silent. */
  readonly takenOver: boolean;
  /** Aborted with LeaseLost when the lease has run out or was taken. */
  readonly signal: AbortSignal;
  readonly #model: Model<T>;
  readonly #options: HoldOptions;
  readonly #lost = new AbortController();
  readonly #heartbeat: NodeJS.Timeout;
  #deadline: NodeJS.Timeout | undefined;
  #ended = false;
  /** Its end is being written: a heartbeat that arrives after that finds nothing of ours, and that is no loss. */
  #ending = false;
  #inTransaction = false;

  constructor(model: Model<T>, doc: T, takenOver: boolean, options: HoldOptions) {
    this.doc = doc;
    this.fence = doc.work.fence;
    this.takenOver = takenOver;
    this.signal = this.#lost.signal;
    this.#model = model;
    this.#options = options;
    this.#heartbeat = setInterval(() => void this.#renew(), options.leaseMs / 3);
    this.#live(performance.now());
  }

  /** We have let go of it, or lost it. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Writes to the document, renews the lease and notes progress (failures are counted anew). Inside of `transact` it joins
   * the transaction.
   * @throws LeaseLost when somebody else has it
   */
  async write(update: UpdateQuery<T>): Promise<T> {
    return this.#write(merge(update, { 'work.due': this.#until(), 'work.attempts': 0 }));
  }

  /**
   * Runs `work` in a transaction that first renews the lease under our fence: what it writes is kept only if the
   * document is still ours when it commits. `hold.end` inside of it ends the hold together with what was written, so that
   * both happen exactly once. Runs again when it meets another writer; no effects outside of MongoDB.
   * @throws LeaseLost
   */
  async transact<R>(work: (session: ClientSession) => Promise<R>): Promise<R> {
    const connection = this.#model.db as Connection;
    const before = this.doc;
    this.#inTransaction = true;
    try {
      const result = await transaction(connection, async (session) => {
        this.#ending = false;
        await this.#write({ $set: { 'work.due': this.#until() } } as UpdateQuery<T>);
        return work(session);
      });
      if (this.#ending) this.release();
      return result;
    } catch (error) {
      this.doc = before;
      this.#ending = false;
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** Lets go of it in a new state, with further changes of the document in the same write. @throws LeaseLost */
  async end({ state, due, fault, attempts }: Ended, update: UpdateQuery<T> = {}): Promise<T> {
    this.#ending = true;
    try {
      const doc = await this.#write(
        merge(update, {
          'work.state': state,
          'work.due': due ?? this.#options.clock(),
          ...(fault === undefined ? {} : { 'work.fault': fault }),
          ...(attempts === undefined ? {} : { 'work.attempts': attempts }),
        }),
      );
      if (!this.#inTransaction) this.release();
      return doc;
    } catch (error) {
      this.#ending = false;
      throw error;
    }
  }

  /** Gives it back to be taken by anyone at once: a stop, not a failure. */
  async giveBack(): Promise<void> {
    await this.end({ state: 'waiting' });
  }

  /** Stops the heartbeat; nothing is written. */
  release(): void {
    this.#ended = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#deadline);
  }

  #until(): Date {
    return new Date(this.#options.clock().getTime() + this.#options.leaseMs);
  }

  async #write(update: UpdateQuery<T>): Promise<T> {
    this.signal.throwIfAborted();
    const begun = performance.now();
    const doc = (await this.#model
      .findOneAndUpdate(this.#mine(), update, { returnDocument: 'after' })
      .lean()) as T | null;
    if (!doc) throw this.#lose();
    this.doc = doc;
    this.#live(begun);
    return doc;
  }

  async #renew(): Promise<void> {
    const begun = performance.now();
    try {
      const { matchedCount } = await this.#model.updateOne(this.#mine(), {
        $set: { 'work.due': this.#until() },
      } as UpdateQuery<T>);
      if (this.#ended || this.#ending) return;
      if (matchedCount) this.#live(begun);
      else this.#lose();
    } catch {
      // An unreachable database: the deadline decides.
    }
  }

  #mine() {
    return { _id: this.doc._id, 'work.state': 'running', 'work.fence': this.fence } as never;
  }

  /** Our own deadline: after a blocked loop or an outage we don't go on as if it were still ours. */
  #live(since: number): void {
    if (this.#ended) return;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#lose(), since + this.#options.leaseMs - performance.now());
    this.#deadline.unref();
  }

  #lose(): LeaseLost {
    const error = new LeaseLost('another worker has taken over');
    this.release();
    this.#lost.abort(error);
    return error;
  }
}

function merge<T>(update: UpdateQuery<T>, set: Record<string, unknown>): UpdateQuery<T> {
  return { ...update, $set: { ...(update.$set as object | undefined), ...set } } as UpdateQuery<T>;
}

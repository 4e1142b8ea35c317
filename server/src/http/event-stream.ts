import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Koa from 'koa';

/** How long one connection lives, ms: shorter than any drain, and a new connection is judged anew. */
export const EVENT_STREAM_MS = 20_000;
/** What a browser waits before it connects again, ms. */
const RETRY_MS = 1_000;
/** Something is sent at least so often, so that no proxy takes the connection for dead, ms. */
const HEARTBEAT_MS = 5_000;
/** A client that doesn't take what it is sent is cut off so long after the stream's end, ms. */
const GRACE_MS = 10_000;
const EVENT_ID = /^[\w.:-]{1,100}$/;

/** The state of something, as a client is told it. */
export interface StateEvent {
  /**
   * Names this state and none other: made of what is stored, never of what a process remembers. Any host then knows by
   * `Last-Event-ID` whether a client that comes back has missed something.
   */
  id: string;
  /** What is told; or how to come by it, asked only when this state has not been told yet. */
  data: unknown;
  /** It will not change any more: the stream ends. */
  last?: boolean;
}

export interface EventStreamOptions {
  /** Reads the state as it is now. A fault ends the stream; the client comes back and is told by an ordinary answer. */
  look: () => Promise<StateEvent>;
  /** Between two looks, ms. */
  everyMs?: number;
}

/**
 * Server-sent events: the state as it is, then again whenever it has changed. The stream ends by itself; browsers come
 * back, to whichever host. Looks stop at once when the client has gone.
 */
export class EventStream {
  readonly #look: EventStreamOptions['look'];
  readonly #everyMs: number;
  #judge: (data: unknown) => void = () => undefined;

  constructor({ look, everyMs = 500 }: EventStreamOptions) {
    this.#look = look;
    this.#everyMs = everyMs;
  }

  /** Has every event's data judged before it leaves. */
  judgedBy(judge: (data: unknown) => void): this {
    this.#judge = judge;
    return this;
  }

  send(ctx: Koa.Context, lifeMs: number = EVENT_STREAM_MS): void {
    const over = new AbortController();
    const end = setTimeout(() => over.abort(), lifeMs);
    const cut = setTimeout(() => ctx.res.destroy(), lifeMs + GRACE_MS);
    ctx.res.once('close', () => {
      clearTimeout(end);
      clearTimeout(cut);
      over.abort();
    });
    const last = ctx.get('last-event-id');
    ctx.type = 'text/event-stream';
    // nginx would otherwise collect events before it passes them on.
    ctx.set('X-Accel-Buffering', 'no');
    const body = Readable.from(this.#lines(EVENT_ID.test(last) ? last : '', over.signal), { objectMode: false });
    body.once('error', () => ctx.res.destroy());
    ctx.body = body;
  }

  async *#lines(known: string, signal: AbortSignal): AsyncGenerator<string> {
    yield `retry: ${RETRY_MS}\n\n`;
    let told = known;
    let silent = 0;
    while (!signal.aborted) {
      const { id, data, last } = await this.#look();
      if (id !== told) {
        const content = typeof data === 'function' ? await (data as () => unknown)() : data;
        this.#judge(content);
        yield `id: ${id}\ndata: ${JSON.stringify(content)}\n\n`;
        told = id;
        silent = 0;
      } else if (silent >= HEARTBEAT_MS) {
        yield ':\n\n';
        silent = 0;
      }
      if (last) return;
      silent += this.#everyMs;
      await sleep(this.#everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

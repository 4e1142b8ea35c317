import type { Writable } from 'node:stream';

/**
 * The output of a writer. An abort, a failed output and an output that closes too early become one reason, with which
 * everything that waits here ends; the output is then destroyed.
 */
export class Outlet {
  /** Bytes handed over so far. */
  written = 0;
  readonly #out: Writable;
  readonly #stop = new AbortController();

  /** @throws the signal's reason when it has been aborted already; the output is left alone then */
  constructor(out: Writable, signal?: AbortSignal) {
    signal?.throwIfAborted();
    this.#out = out;
    const onAbort = (): void => this.fail(signal?.reason);
    const onClose = (): void => {
      signal?.removeEventListener('abort', onAbort);
      if (!out.writableFinished) this.fail(new Error('the output was closed before the file was complete'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    out.on('error', (error) => this.fail(error));
    if (out.destroyed) onClose();
    else out.once('close', onClose);
  }

  /** Aborted as soon as nothing more can be written, with the reason. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Ends everything with this reason; the first one counts. */
  fail(reason: unknown): void {
    this.#stop.abort(reason);
    this.#out.destroy();
  }

  /** Hands bytes over. @returns whether the output wants more right now; if not, `drained` tells when */
  write(bytes: Buffer): boolean {
    this.signal.throwIfAborted();
    this.written += bytes.length;
    return this.#out.write(bytes);
  }

  onDrain(then: () => void): void {
    this.#out.once('drain', then);
  }

  /** Ends the output. Resolves when it has taken everything. */
  end(): Promise<void> {
    return this.wait((done) => this.#out.end(done));
  }

  /** Resolves when `start` has called back, rejects when it calls back an error or the writing has failed. */
  wait(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      start((error) => {
        signal.removeEventListener('abort', stop);
        if (signal.aborted) stop();
        else if (error) reject(error);
        else resolve();
      });
    });
  }
}

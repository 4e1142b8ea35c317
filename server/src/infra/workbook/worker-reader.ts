import { Worker } from 'node:worker_threads';
import { heapIsSmall } from '../heap.ts';
import { WorkbookError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Row, RowsOptions, SheetInfo, TableReader } from './types.ts';
import { unpackError, type WorkerAnswer, type WorkerRequest, type WorkerStart } from './worker-protocol.ts';
import { Unpacker } from './unpack.ts';

/** Batches that may lie between the threads. */
const WINDOW = 4;
/** More than a reader ever needs; a file that needs more is refused, and the process lives on. */
const HEAP_MB = 512;

export interface WorkerOptions {
  limits?: Partial<Limits>;
}

type Answer = Exclude<WorkerAnswer, { opened: unknown }>;
interface Task {
  id: number;
  answers: Answer[];
  wake: () => void;
}

/** A table that is read in a thread of its own; same contract as the reader on this thread. One task at a time. */
class WorkerReader implements TableReader {
  readonly kind: 'xlsx' | 'csv';
  readonly sheets: readonly SheetInfo[];
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #task: Task = { id: 0, answers: [], wake: () => undefined };
  #failure: Error | undefined;

  constructor(worker: Worker, opened: { kind: 'xlsx' | 'csv'; sheets: SheetInfo[] }) {
    this.#worker = worker;
    this.kind = opened.kind;
    this.sheets = opened.sheets;
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('message', (answer: Answer) => {
      if (answer.id !== this.#task.id) return;
      this.#task.answers.push(answer);
      this.#task.wake();
    });
    worker.on('error', (error) => this.#fail(threadError(error)));
    worker.on('exit', () => this.#fail(new Error('the reading thread has ended')));
  }

  async *rows(sheet: number | string, options: RowsOptions = {}): AsyncGenerator<Row[]> {
    const unpacker = new Unpacker();
    for await (const answer of this.#ask('rows', sheet, options)) {
      if (!('rows' in answer)) continue;
      yield unpacker.rows(answer.rows);
      this.#post({ id: answer.id, do: 'more' });
    }
  }

  async verify(sheet: number | string, options: RowsOptions = {}): Promise<number> {
    for await (const answer of this.#ask('verify', sheet, options)) if ('done' in answer) return answer.count;
    throw new Error('the reading thread gave no count');
  }

  async close(): Promise<void> {
    this.#post({ id: this.#task.id, do: 'close' });
    await this.#exited;
  }

  async *#ask(
    what: 'rows' | 'verify',
    sheet: number | string,
    { signal, from = 1 }: RowsOptions,
  ): AsyncGenerator<Answer> {
    signal?.throwIfAborted();
    const task: Task = { id: this.#task.id + 1, answers: [], wake: () => undefined };
    this.#task = task;
    this.#post({ id: task.id, do: what, sheet, from, window: WINDOW });
    const onAbort = (): void => task.wake();
    signal?.addEventListener('abort', onAbort);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const answer = task.answers.shift();
        if (answer === undefined) {
          if (this.#failure) throw this.#failure;
          await new Promise<void>((resolve) => (task.wake = resolve));
        } else if ('error' in answer) {
          throw unpackError(answer.error);
        } else {
          yield answer;
          if ('done' in answer) return;
        }
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#post({ id: task.id, do: 'stop' });
    }
  }

  #post(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#task.wake();
  }
}

function threadError(error: Error): Error {
  const memory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
  return memory ? new WorkbookError('file_too_large', { limit: 'memory' }) : error;
}

function startThread(start: WorkerStart): Worker {
  const entry = import.meta.url.endsWith('.ts') ? './worker-entry.dev.mjs' : './worker-entry.js';
  return new Worker(new URL(entry, import.meta.url), {
    workerData: start,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
}

/**
 * Opens an xlsx or CSV file in a thread of its own, so that parsing never holds up the event loop.
 * Always `close` the reader: its thread ends then.
 * @throws WorkbookError saying why the file is refused
 */
export async function openInWorker(path: string, options: WorkerOptions = {}): Promise<TableReader> {
  const worker = startThread({ path, limits: options.limits ?? {}, smallHeap: heapIsSmall() });
  const first = await new Promise<WorkerAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', (error) => reject(threadError(error)));
    worker.once('exit', () => reject(new Error('the reading thread has ended')));
  });
  if ('error' in first) throw unpackError(first.error);
  if (!('opened' in first)) throw new Error('the reading thread did not open the file');
  return new WorkerReader(worker, first.opened);
}

/** Reads one sheet (the first unless told) in a thread of its own; the thread ends with the iteration. */
export async function* readInWorker(
  path: string,
  options: WorkerOptions & RowsOptions & { sheet?: number | string } = {},
): AsyncGenerator<Row[]> {
  const reader = await openInWorker(path, options);
  try {
    yield* reader.rows(options.sheet ?? 0, { signal: options.signal });
  } finally {
    await reader.close();
  }
}

/** The reading thread: opens one file, answers requests (see worker-protocol), ends when it is told to close. */
import { parentPort, workerData } from 'node:worker_threads';
import { keepHeapSmall } from '../heap.ts';
import { openTable } from './table.ts';
import type { PackedReader } from './types.ts';
import { detach, packError, type WorkerAnswer, type WorkerRequest, type WorkerStart } from './worker-protocol.ts';

type Task = Extract<WorkerRequest, { sheet: unknown }>;

if (!parentPort) throw new Error('this file runs as a worker thread only');
if ((workerData as WorkerStart).smallHeap) keepHeapSmall();
const port = parentPort;
const answer = (message: WorkerAnswer, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

/** Counts the batches that the other side still wants; `take` waits while there are none. */
class Window {
  readonly #signal: AbortSignal;
  #left: number;
  #wake: (() => void) | undefined;

  constructor(left: number, signal: AbortSignal) {
    this.#left = left;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.());
  }

  add(): void {
    this.#left++;
    this.#wake?.();
  }

  async take(): Promise<void> {
    while (this.#left === 0) {
      this.#signal.throwIfAborted();
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    this.#left--;
  }
}

async function run(reader: PackedReader, task: Task, window: Window, signal: AbortSignal): Promise<void> {
  const { id, sheet } = task;
  let count = 0;
  try {
    if (task.do === 'verify') {
      count = await reader.verify(sheet, { signal });
    } else {
      for await (const packed of reader.packed(sheet, { signal, from: task.from })) {
        await window.take();
        const { rows, transfer } = detach(packed);
        answer({ id, rows }, transfer);
      }
    }
    answer({ id, done: true, count });
  } catch (error) {
    answer({ id, error: packError(error) });
  }
}

async function serve(): Promise<void> {
  const { path, limits } = workerData as WorkerStart;
  const reader = await openTable(path, limits);
  const idle = new AbortController();
  let current = { id: 0, window: new Window(0, idle.signal), stop: idle, ended: Promise.resolve() };
  port.on('message', (request: WorkerRequest) => {
    if (request.do === 'close') {
      current.stop.abort();
      void current.ended.then(() => reader.close()).finally(() => port.close());
    } else if ('sheet' in request) {
      const { ended: before } = current;
      const stop = new AbortController();
      const window = new Window(request.window, stop.signal);
      const ended = before.then(() => run(reader, request, window, stop.signal));
      current = { id: request.id, window, stop, ended };
    } else if (request.id === current.id) {
      if (request.do === 'more') current.window.add();
      else current.stop.abort();
    }
  });
  answer({ id: 0, opened: { kind: reader.kind, sheets: [...reader.sheets] } });
}

serve().catch((error: unknown) => {
  answer({ id: 0, error: packError(error) });
  port.close();
});

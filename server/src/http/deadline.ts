import { Problem } from './problem.ts';

/** Milliseconds until a request is answered 503 whatever it waits for (a silent database holds a call for over a minute). */
export const DEADLINES = { request: 10_000, transfer: 120_000 } as const;

/** Runs `work`; when it takes longer than `ms` the caller gets deadline_exceeded, and `onLate` is told. */
export async function withDeadline<T>(ms: number, onLate: () => void, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new Problem('deadline_exceeded', { retryAfter: 2 }));
    }, ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A signal that most handlers never ask for; making one for every request would cost as much as validating it. */
export function lazySignal(onClose: (listener: () => void) => void): {
  readonly signal: AbortSignal;
  abort(): void;
  readonly aborted: boolean;
} {
  let controller: AbortController | undefined;
  let aborted = false;
  const abort = () => {
    aborted = true;
    controller?.abort();
  };
  return {
    get aborted() {
      return aborted;
    },
    abort,
    get signal() {
      if (!controller) {
        controller = new AbortController();
        if (aborted) controller.abort();
        else onClose(abort);
      }
      return controller.signal;
    },
  };
}

import { Problem } from './problem.ts';

/** Milliseconds until a request is answered 503 whatever it waits for (a silent database holds a call for over a minute). */
export const DEADLINES = { request: 10_000, transfer: 120_000 } as const;

/** Runs `work` with a signal that aborts at the deadline; after it the caller gets deadline_exceeded. */
export async function withDeadline<T>(ms: number, controller: AbortController, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new Problem('deadline_exceeded', { retryAfter: 2 }));
    }, ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

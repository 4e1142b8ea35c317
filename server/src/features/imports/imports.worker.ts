import type { Deps } from '../../deps.ts';
import { importModel } from './imports.model.ts';
import { WAKE } from './imports.service.ts';
import { takeImport } from './lease.ts';
import type { RunImport } from './run.ts';

/** Between two looks when nobody wakes us, ms. */
const POLL_MS = 1_000;

/** Takes one import after another until stopped; stopping checkpoints and gives the one in hand back. */
export function createImportsWorker(deps: Deps, run: RunImport) {
  const imports = importModel(deps.mongo);
  return {
    /** Works off what waits now; for tests and for the loop below. */
    async drain(signal?: AbortSignal): Promise<void> {
      while (!signal?.aborted) {
        const lease = await takeImport(imports, deps.clock);
        if (!lease) return;
        await run(lease, signal);
      }
    },

    start(): () => Promise<void> {
      const stop = new AbortController();
      const subscriber = deps.redis.duplicate();
      let wake: () => void = () => undefined;
      subscriber.on('error', () => undefined);
      subscriber.on('message', () => wake());
      subscriber.subscribe((deps.redis.options.keyPrefix ?? '') + WAKE).catch(() => undefined);

      const loop = (async () => {
        while (!stop.signal.aborted) {
          await this.drain(stop.signal).catch((err: unknown) => deps.log.error('job.failed', { job: 'import', err }));
          if (stop.signal.aborted) break;
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, POLL_MS);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
      })();
      return async () => {
        stop.abort();
        wake();
        await loop;
        subscriber.disconnect();
      };
    },
  };
}

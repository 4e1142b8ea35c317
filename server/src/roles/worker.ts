import type { Deps } from '../deps.ts';
import { createFeatures } from '../features/index.ts';

/** Runs background work until `stop` is called; stopping checkpoints and gives leases back. */
export async function startWorker(deps: Deps): Promise<{ stop: () => Promise<void> }> {
  const features = createFeatures(deps);
  const running = features.workers.map((worker) => worker.start());
  deps.log.info('server.started', { build: deps.config.build });
  process.send?.('ready');
  return {
    stop: async () => {
      await Promise.all(running.map((stop) => stop()));
      deps.log.info('server.stopped');
    },
  };
}

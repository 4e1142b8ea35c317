import { createServer } from 'node:http';
import type { Deps } from '../deps.ts';
import { createFeatures } from '../features/index.ts';
import { createInternalApp } from '../http/internal.ts';
import { createLifecycle } from '../http/lifecycle.ts';
import { listenForWake } from '../infra/jobs/index.ts';
import { sweepTemp } from '../infra/temp/index.ts';
import { listen } from './stop.ts';

/** Runs background work until `stop` is called; stopping checkpoints and gives leases back. */
export async function startWorker(deps: Deps): Promise<{ stop: () => Promise<void> }> {
  const { config, log } = deps;
  const { workers } = createFeatures(deps);
  const swept = await sweepTemp();
  if (swept > 0) log.info('temp.swept', { count: swept });
  const internal = createServer(createInternalApp(deps, createLifecycle()).callback());
  await listen(internal, config.workerPort, config.internalHost);
  const wake = listenForWake(deps);
  const running = workers.map((worker) => worker.start(wake));
  log.info('server.started', { build: config.build });
  process.send?.('ready');
  return {
    stop: async () => {
      log.info('server.draining');
      await Promise.all(running.map((stop) => stop()));
      wake.close();
      internal.close();
      internal.closeAllConnections();
      log.info('server.stopped');
    },
  };
}

import { createServer } from 'node:http';
import { createApp } from '../app.ts';
import type { Deps } from '../deps.ts';
import { createInternalApp } from '../http/internal.ts';
import { createLifecycle } from '../http/lifecycle.ts';
import { drainServer, listen } from './stop.ts';

/** Serves the API until `stop` is called. */
export async function startApi(deps: Deps): Promise<{ stop: () => Promise<void> }> {
  const { config, log } = deps;
  const lifecycle = createLifecycle();
  const { koa } = await createApp(deps, { lifecycle });
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 120_000, keepAliveTimeout: 75_000 },
    koa.callback(),
  );
  const internal = createServer(createInternalApp(deps, lifecycle).callback());
  await listen(internal, config.internalPort, config.internalHost);
  await listen(server, config.port, config.host);
  lifecycle.booted();
  log.info('server.started', { port: config.port, build: config.build });
  process.send?.('ready');
  return {
    stop: async () => {
      log.info('server.draining', { inFlight: lifecycle.inFlight });
      const empty = await drainServer(server, lifecycle);
      internal.close();
      internal.closeAllConnections();
      log.info('server.stopped', { empty });
    },
  };
}

import { ConfigError, loadConfig } from './config.ts';
import { connect } from './connect.ts';
import { startApi } from './roles/api.ts';
import { migrate } from './roles/migrate.ts';
import { seed } from './roles/seed.ts';
import { FORCED_EXIT_MS } from './roles/stop.ts';
import { startWorker } from './roles/worker.ts';

/** Starts one role and sees to its end; everything it does is elsewhere. */
async function main(): Promise<void> {
  const config = loadConfig();
  const { deps, close } = await connect(config);
  if (config.role === 'migrate' || config.role === 'seed') {
    await (config.role === 'migrate' ? migrate(deps) : seed(deps)).finally(close);
    return;
  }
  const running = await (config.role === 'api' ? startApi(deps) : startWorker(deps));
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      deps.log.error('server.forced');
      process.exit(1);
    }, FORCED_EXIT_MS).unref();
    void running
      .stop()
      .then(close)
      .then(() => process.exit(0))
      .catch((err: unknown) => {
        deps.log.error('server.crashed', { err });
        process.exit(1);
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Started as a child with a channel: when the parent dies, so do we.
  if (process.channel) process.on('disconnect', stop);
}

main().catch((err: unknown) => {
  process.stderr.write(`${err instanceof ConfigError ? err.message : ((err as Error).stack ?? String(err))}\n`);
  process.exit(1);
});

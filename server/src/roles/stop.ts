import type { Server } from 'node:http';
import type { Lifecycle } from '../http/lifecycle.ts';

/** Bounds of a stop, ms; each is shorter than the next one out (pm2's kill_timeout is 170 s). */
export const DRAIN_MS = 150_000;
export const FORCED_EXIT_MS = 160_000;

export const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });

/**
 * So long new connections and requests are still taken after a stop was asked for, at most, and after the last of them: who
 * balances load learns by /health/ready and by `Connection: close` meanwhile. Closing at once would reset those that are just
 * arriving. Where nobody comes any more (a drained host) it takes no time.
 */
const LINGER_MS = 3_000;
const QUIET_MS = 1_000;

/**
 * Stops serving without cutting anyone off: no longer ready, every answer ends its connection; then no new connections,
 * idle ones closed again and again (a client keeps them open for minutes), requests in flight finished. Resolves to whether
 * all of them were.
 */
export async function drainServer(server: Server, lifecycle: Lifecycle, ms = DRAIN_MS): Promise<boolean> {
  lifecycle.drain();
  await lifecycle.quiet(QUIET_MS, LINGER_MS);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 200);
  const empty = await lifecycle.idle(ms);
  if (!empty) server.closeAllConnections();
  await closed;
  clearInterval(sweep);
  return empty;
}

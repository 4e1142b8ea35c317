import Koa from 'koa';
import type { Deps } from '../deps.ts';
import type { Lifecycle } from './lifecycle.ts';

/** The internal port, never public: metrics, dependencies, and what the drain asks. */
export function createInternalApp(
  deps: Pick<Deps, 'metrics' | 'mongo' | 'redis' | 'config'>,
  lifecycle: Lifecycle,
): Koa {
  const app = new Koa();
  const timed = async (ping: () => Promise<unknown>) => {
    const started = performance.now();
    try {
      await ping();
      return { ok: true, ms: Math.round(performance.now() - started) };
    } catch (err) {
      return { ok: false, ms: Math.round(performance.now() - started), error: (err as Error).name };
    }
  };
  app.use(async (ctx) => {
    if (ctx.method !== 'GET') ctx.status = 405;
    else if (ctx.path === '/metrics') {
      ctx.type = deps.metrics.registry.contentType;
      ctx.body = await deps.metrics.registry.metrics();
    } else if (ctx.path === '/health/dependencies') {
      const [mongo, redis] = await Promise.all([
        timed(() => deps.mongo.getClient().db('admin').command({ ping: 1 })),
        timed(() => deps.redis.ping()),
      ]);
      ctx.status = mongo.ok && redis.ok ? 200 : 503;
      ctx.body = { mongo, redis, build: deps.config.build, node: process.version };
    } else if (ctx.path === '/health/in-flight') {
      ctx.body = { inFlight: lifecycle.inFlight, draining: lifecycle.draining };
    } else ctx.status = 404;
  });
  return app;
}

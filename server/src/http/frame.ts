import { randomUUID } from 'node:crypto';
import type Koa from 'koa';
import type { Log } from '../infra/logger/index.ts';
import type { Metrics } from '../infra/metrics/index.ts';
import type { Lifecycle } from './lifecycle.ts';
import { setSecurityHeaders } from './security-headers.ts';

/**
 * What every request gets, in one middleware because it is on every hot path: an id, security headers, counting for the
 * drain, one access line and one measurement.
 */
export function frame(options: { log: Log; metrics: Metrics; lifecycle: Lifecycle; https: boolean }): Koa.Middleware {
  const { log, metrics, lifecycle, https } = options;
  return async (ctx, next) => {
    const started = performance.now();
    const given = ctx.req.headers['x-request-id'];
    const requestId = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    const build = ctx.req.headers['x-build'];
    ctx.state.requestId = requestId;
    ctx.res.setHeader('X-Request-Id', requestId);
    setSecurityHeaders(ctx, ctx.path.startsWith('/api/') || ctx.path.startsWith('/health/') ? 'api' : 'page', https);
    lifecycle.enter();
    metrics.inFlight.inc();
    ctx.res.once('close', () => {
      lifecycle.leave();
      metrics.inFlight.dec();
      const ms = performance.now() - started;
      const operationId = (ctx.state.operationId as string | undefined) ?? 'none';
      metrics.httpDuration.observe(
        { route: operationId, method: ctx.method, status: String(ctx.res.statusCode) },
        ms / 1000,
      );
      // The path only of known operations is safe to log, and the operation already names it.
      log.info('http.request', {
        requestId,
        operationId,
        method: ctx.method,
        status: ctx.res.statusCode,
        ms: Math.round(ms * 1000) / 1000,
        aborted: !ctx.res.writableFinished,
        // How old the pages are that people hold.
        ...(typeof build === 'string' && /^[\w.+-]{1,40}$/.test(build) ? { pageBuild: build } : {}),
      });
    });
    await next();
    // Asked at the end: also who came before the drain began must not come back on this connection.
    if (lifecycle.draining && !ctx.headerSent) ctx.set('Connection', 'close');
  };
}

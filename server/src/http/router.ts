import type Koa from 'koa';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import { compileRoute, type MountDeps, type Route } from './mount.ts';
import { Problem } from './problem.ts';

type Handler = (ctx: Koa.Context, params: Record<string, string | undefined>) => Promise<void> | void;

/** A plain route outside the contract of features: health, documentation. */
export interface PlainRoute {
  method: HTTPMethod;
  path: string;
  handler: Handler;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** All routes compiled into one radix tree. Unknown paths under /api are 404, known paths with another method 405. */
export function createRouter(routes: readonly Route[], plain: readonly PlainRoute[], deps: MountDeps): Koa.Middleware {
  const router = findMyWay({ ignoreTrailingSlash: false, maxParamLength: 200, caseSensitive: true });
  const handlers = new Map<unknown, Handler>();
  const add = (method: HTTPMethod, path: string, handler: Handler) => {
    const key = () => undefined;
    handlers.set(key, handler);
    router.on(method, path, key);
  };
  for (const route of routes) add(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), compileRoute(route, deps));
  for (const route of plain) add(route.method, route.path, route.handler);

  return async (ctx, next) => {
    const found = router.find(ctx.method as HTTPMethod, ctx.path);
    if (found) {
      await handlers.get(found.handler)!(ctx, found.params);
      return;
    }
    const allowed = METHODS.filter((method) => method !== ctx.method && router.find(method, ctx.path));
    if (allowed.length) {
      ctx.set('Allow', allowed.join(', '));
      throw new Problem('method_not_allowed');
    }
    if (ctx.path.startsWith('/api/')) throw new Problem('not_found');
    await next();
  };
}

import Koa from 'koa';
import { loadMessages, type Messages } from '../shared/messages/index.ts';
import type { Locale } from '../shared/fields/types.ts';
import type { Deps } from './deps.ts';
import { createFeatures, type Features } from './features/index.ts';
import { createClientIp } from './http/client-ip.ts';
import { docsRoutes } from './http/docs.ts';
import { answerErrors } from './http/errors.ts';
import { frame } from './http/frame.ts';
import { healthRoutes } from './http/health.ts';
import type { Lifecycle } from './http/lifecycle.ts';
import { collectRoutes, type MountDeps, type Route } from './http/mount.ts';
import { buildOpenApi } from './http/openapi.ts';
import { Problem } from './http/problem.ts';
import { createRateLimiter } from './http/rate-limit.ts';
import { createRouter } from './http/router.ts';
import { serveWeb } from './http/static.ts';
import { createIdempotency } from './infra/idempotency/index.ts';

export interface AppOptions {
  lifecycle: Lifecycle;
  /** Check every answer against its declared schema and fail loudly. Default: outside production. */
  checkAnswers?: boolean;
  /** Scales the burst limits. */
  rateFactor?: number;
  /** How long an event stream lives, ms. */
  eventStreamMs?: number;
  /** The oldest contract of pages that is kept. Default: shared/contract.ts. */
  lowestContract?: number;
  /** More controllers, e.g. those of a bench. */
  extraControllers?: object[];
}

export interface App {
  koa: Koa;
  features: Features;
  routes: Route[];
  openapi: Record<string, unknown>;
}

/** The API as a Koa app: nothing is connected, listened to or remembered outside of what is passed in. */
export async function createApp(deps: Deps, options: AppOptions): Promise<App> {
  const { config, log } = deps;
  const features = createFeatures(deps);
  const routes = collectRoutes([...features.controllers, ...(options.extraControllers ?? [])]);
  const openapi = buildOpenApi(routes);
  const messages: Record<Locale, Messages> = { 'zh-CN': await loadMessages('zh-CN'), en: await loadMessages('en') };
  const mountDeps: MountDeps = {
    cipher: deps.cipher,
    idempotency: createIdempotency(deps.mongo, deps.cipher, deps.clock),
    rateLimit: createRateLimiter(deps.redis, options.rateFactor),
    clientIp: createClientIp(config.trustedProxies),
    authenticate: features.authenticate,
    onRefusal: features.onRefusal,
    publicOrigin: config.publicOrigin ?? undefined,
    signing: { secretOf: (signer) => (signer === 'sms' ? config.sms.secret : config.deploySecret), clock: deps.clock },
    checkAnswers: options.checkAnswers ?? !config.production,
    eventStreamMs: options.eventStreamMs,
    lowestContract: options.lowestContract,
  };
  const mayReadDocs = async (ctx: Koa.Context) =>
    config.docsPublic || (await features.authenticate(ctx, 'staff')) !== null;

  const koa = new Koa();
  koa.silent = true;
  koa.use(frame({ log, metrics: deps.metrics, lifecycle: options.lifecycle, https: config.secureCookies }));
  koa.use(answerErrors(log, messages));
  koa.use(
    createRouter(
      routes,
      [...healthRoutes(options.lifecycle, config.build), ...docsRoutes(openapi, messages['zh-CN'], mayReadDocs)],
      mountDeps,
    ),
  );
  if (config.webRoot) koa.use(serveWeb(config.webRoot));
  koa.use(() => {
    throw new Problem('not_found');
  });
  return { koa, features, routes, openapi };
}

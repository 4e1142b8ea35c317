import type Koa from 'koa';
import type { HTTPMethod } from 'find-my-way';
import { ANONYMOUS, type Caller, type Realm } from './caller.ts';
import { accessOf, type Access, type AnyReq } from './access.ts';
import { readJson } from './body.ts';
import { assertSameSite } from './csrf.ts';
import { DEADLINES, lazySignal, withDeadline } from './deadline.ts';
import { assertContract } from './contract.ts';
import { Download } from './download.ts';
import { EventStream } from './event-stream.ts';
import { keyOf, runOnce } from './idempotency.ts';
import { localeOf } from './locale.ts';
import { Problem } from './problem.ts';
import { parseQuery } from './query.ts';
import type { LimitName, RateLimiter } from './rate-limit.ts';
import { readSignedJson, type Signing } from './signed.ts';
import { Tagged } from './tagged.ts';
import { assertStrict, validate } from './validate.ts';
import { z } from './z.ts';
import type { Cipher } from '../infra/crypto/index.ts';
import type { Idempotency } from '../infra/idempotency/index.ts';

/** A decorated method, as its decorators describe it. */
export interface Route {
  method: HTTPMethod;
  /** `/api/business/people/{id}` */
  path: string;
  operationId: string;
  access: Access;
  config: RouteConfig;
  params?: z.ZodTypeAny;
  query?: z.ZodTypeAny;
  body?: z.ZodTypeAny;
  answer?: z.ZodTypeAny;
  status: number;
  handler: (req: AnyReq) => Promise<unknown>;
}

interface RouteConfig {
  method: string;
  path: string;
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  request?: { params?: z.ZodTypeAny; query?: z.ZodTypeAny; body?: unknown };
  responses?: Record<string, unknown>;
}
type Decorated = { routeConfig?: RouteConfig; bodySchema?: z.ZodTypeAny; responsesSchema?: z.ZodTypeAny } & ((
  req: AnyReq,
) => Promise<unknown>);

/** What the mounted routes need of the rest. */
export interface MountDeps {
  cipher: Cipher;
  idempotency: Idempotency;
  rateLimit: RateLimiter;
  clientIp: (ctx: Koa.Context) => string;
  /** The caller behind a request's session, or null; throws `session_expired` for a session that has ended. */
  authenticate: (ctx: Koa.Context, realm: Realm) => Promise<Caller | null>;
  /** Told of every refusal for lack of rights, for the audit. */
  onRefusal: (refusal: { caller: Caller; ip: string; operationId: string; code: string }) => void;
  publicOrigin: string | undefined;
  /** For routes that other systems call. */
  signing: Signing;
  /** Check every answer against its schema (tests, development). */
  checkAnswers: boolean;
  /** The oldest contract of pages that is kept (shared/contract.ts); higher in tests. */
  lowestContract?: number | undefined;
  /** How long an event stream lives, ms; shorter in tests. */
  eventStreamMs?: number | undefined;
}

/** The routes of all controllers. Throws on one that says nothing about who may call it, or lets unknown fields in. */
export function collectRoutes(controllers: readonly object[]): Route[] {
  const routes = controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(controller))
      .map((name) => (controller as Record<string, Decorated>)[name])
      .filter((method): method is Decorated => typeof method === 'function' && method.routeConfig !== undefined)
      .map((method) => toRoute(controller, method)),
  );
  const seen = new Set<string>();
  for (const { operationId } of routes) {
    if (seen.has(operationId)) throw new Error(`operationId ${operationId} is used twice`);
    seen.add(operationId);
  }
  return routes;
}

function toRoute(controller: object, method: Decorated): Route {
  const config = method.routeConfig!;
  const at = `${config.method.toUpperCase()} ${config.path}`;
  const access = accessOf(method);
  if (!access) throw new Error(`${at}: @access is missing: a route must say who may call it`);
  if (!config.operationId) throw new Error(`${at}: operationId is missing`);
  const backend = /^\/api\/(business|system)\//.exec(config.path)?.[1];
  if (backend && access.audience !== backend)
    throw new Error(`${at}: a route of this backend needs audience '${backend}' and a permission`);
  const params = config.request?.params;
  const query = config.request?.query ?? z.object({}).strict();
  for (const [name, schema] of Object.entries({
    params,
    query,
    body: method.bodySchema,
    answer: method.responsesSchema,
  })) {
    if (schema) assertStrict(schema, `${at} ${name}`);
  }
  return {
    method: config.method.toUpperCase() as HTTPMethod,
    path: config.path,
    operationId: config.operationId,
    access,
    config,
    status: access.status ?? (method.responsesSchema || access.download ? 200 : 204),
    handler: method.bind(controller),
    query,
    ...(params ? { params } : {}),
    ...(method.bodySchema ? { body: method.bodySchema } : {}),
    ...(method.responsesSchema ? { answer: method.responsesSchema } : {}),
  };
}

/** Compiles a route into one function: who → csrf → rate → rights → input → once → work → answer. */
export function compileRoute(
  route: Route,
  deps: MountDeps,
): (ctx: Koa.Context, params: Record<string, string | undefined>) => Promise<void> {
  const { access } = route;
  const writes = route.method !== 'GET';
  const limit: LimitName = access.rateLimit ?? (writes ? 'write' : 'read');
  const realm: Realm | null = access.audience === 'public' ? null : access.audience === 'citizen' ? 'citizen' : 'staff';
  const permission = 'permission' in access ? access.permission : undefined;
  const ms = DEADLINES[access.deadline ?? 'request'];

  const authorise = (caller: Caller) => {
    if (caller.kind !== 'staff') return;
    if (caller.mustChangePassword && !access.beforePasswordChange) throw new Problem('password_change_required');
    if (permission && !caller.permissions.has(permission)) throw new Problem('forbidden');
    if (access.fresh && !caller.fresh) throw new Problem('fresh_login_required');
  };

  const answer = (ctx: Koa.Context, status: number, body: unknown) => {
    ctx.status = status;
    if (body instanceof Download) body.send(ctx);
    else if (body instanceof EventStream) body.send(ctx, deps.eventStreamMs);
    else if (body instanceof Tagged) body.send(ctx);
    else if (body !== undefined && body !== null) {
      ctx.type = 'application/json';
      ctx.body = JSON.stringify(body);
    } else ctx.body = null;
  };

  /** What is answered must be what the route declares, or a field could leak unnoticed. */
  const judge = (body: unknown) => {
    const result = route.answer!.safeParse(body);
    if (!result.success)
      throw new Error(`${route.operationId} answered what it does not declare: ${JSON.stringify(result.error.issues)}`);
  };

  const checked = async (req: AnyReq): Promise<unknown> => {
    let body: unknown;
    try {
      body = await route.handler(req);
    } catch (err) {
      // What the handler refuses for lack of rights (scope, escalation) is told like what the route refuses.
      if (err instanceof Problem && err.code === 'forbidden')
        deps.onRefusal({ caller: req.caller, ip: req.ip, operationId: route.operationId, code: err.code });
      throw err;
    }
    if (!deps.checkAnswers || !route.answer) return body;
    if (body instanceof EventStream) return body.judgedBy(judge);
    judge(body instanceof Tagged ? body.value : body);
    return body;
  };

  return async (ctx, pathParams) => {
    const ip = deps.clientIp(ctx);
    let caller: Caller = ANONYMOUS;
    ctx.state.operationId = route.operationId;
    const ended = lazySignal((listener) => ctx.res.once('close', listener));
    await withDeadline(ms, ended.abort, async () => {
      try {
        if (!access.signed) assertContract(ctx, deps.lowestContract);
        if (writes && !access.signed) assertSameSite(ctx, deps.publicOrigin);
        if (realm) caller = (await deps.authenticate(ctx, realm)) ?? ANONYMOUS;
        ctx.state.caller = caller;
        await deps.rateLimit(limit, caller.kind === 'anonymous' ? ip : caller.accountId);
        if (realm && caller.kind !== realm) throw new Problem('not_logged_in');
        authorise(caller);
      } catch (err) {
        if (err instanceof Problem && err.status === 403)
          deps.onRefusal({ caller, ip, operationId: route.operationId, code: err.code });
        throw err;
      }
      const signed = access.signed && (await readSignedJson(ctx, access.signed, deps.signing));
      const params = route.params ? validate(route.params, { ...pathParams }, 'params') : {};
      const query = validate(route.query!, { ...parseQuery(ctx.querystring) }, 'query');
      const body = route.body ? validate(route.body, access.signed ? signed : await readJson(ctx), 'body') : undefined;
      const locale = localeOf(ctx.req.headers['accept-language']);
      const reqUnder = (requestKey: string | null): AnyReq => ({
        ctx,
        caller,
        params,
        query,
        body,
        ip,
        locale,
        requestKey,
        get signal() {
          return ended.signal;
        },
      });

      const clientKey = ctx.get('idempotency-key');
      if (access.idempotency && clientKey && caller.kind !== 'anonymous') {
        const keyed = keyOf(deps.cipher, `${caller.kind}:${caller.accountId}`, route.operationId, clientKey, {
          params,
          body,
        });
        if (access.idempotency === 'handler') return answer(ctx, route.status, await checked(reqUnder(keyed.key)));
        const result = await runOnce(deps.idempotency, keyed, async () => {
          // A transaction that keeps meeting others must not go on being retried after the caller was told to come back.
          if (ended.aborted) throw new Problem('deadline_exceeded', { retryAfter: 2 });
          return { status: route.status, body: (await checked(reqUnder(keyed.key))) ?? null };
        });
        if (result.replayed) ctx.set('Idempotency-Replayed', 'true');
        answer(ctx, result.status, result.body);
        return;
      }
      if (access.idempotency && access.idempotency !== 'optional') throw new Problem('idempotency_key_missing');
      answer(ctx, route.status, await checked(reqUnder(null)));
    });
  };
}

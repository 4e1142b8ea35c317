import type Koa from 'koa';
import type { Messages } from '../../shared/messages/index.ts';
import type { Locale } from '../../shared/fields/types.ts';
import type { Log } from '../infra/logger/index.ts';
import { isUnavailable } from '../infra/mongo/index.ts';
import { isRedisDown } from '../infra/redis/index.ts';
import { localeOf } from './locale.ts';
import { Problem, problemBody } from './problem.ts';

/** Turns whatever was thrown into a problem: what we know by its code, everything else `internal_error` and nothing more. */
export function toProblem(err: unknown): Problem {
  if (err instanceof Problem) return err;
  if (isUnavailable(err) || isRedisDown(err)) return new Problem('unavailable', { retryAfter: 2 });
  return new Problem('internal_error');
}

/** Answers thrown faults as problem+json in the caller's language; logs those that are ours. */
export function answerErrors(log: Log, messages: Record<Locale, Messages>): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (err) {
      const problem = toProblem(err);
      const requestId = ctx.state.requestId as string;
      if (problem.status >= 500) {
        log.error('http.error', { requestId, operationId: ctx.state.operationId as string, code: problem.code, err });
      }
      if (ctx.headerSent) {
        ctx.res.destroy();
        return;
      }
      ctx.status = problem.status;
      if (problem.details.retryAfter) ctx.set('Retry-After', String(problem.details.retryAfter));
      else if (problem.status === 503) ctx.set('Retry-After', '2');
      const locale = localeOf(ctx.req.headers['accept-language']);
      ctx.set('Content-Language', locale);
      ctx.type = 'application/problem+json';
      ctx.body = JSON.stringify(problemBody(problem, messages[locale], requestId));
      // A refused body is not read to its end; the connection can't be used again.
      if (!ctx.req.complete) ctx.set('Connection', 'close');
    }
  };
}

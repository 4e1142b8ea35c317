import type Koa from 'koa';
import { Problem } from './problem.ts';

/**
 * Refuses a state-changing request that another site could have made the browser send: it must carry our header, which no
 * form and no cross-origin fetch without a preflight can set, and an Origin, when there is one, of this host.
 */
export function assertSameSite(ctx: Koa.Context, publicOrigin: string | undefined): void {
  const origin = ctx.get('origin');
  const host = ctx.get('host');
  const foreign =
    origin !== '' && origin !== publicOrigin && origin !== `http://${host}` && origin !== `https://${host}`;
  if (foreign || ctx.get('sec-fetch-site') === 'cross-site' || ctx.get('x-requested-with').toLowerCase() !== 'dengji') {
    throw new Problem('csrf_refused');
  }
}

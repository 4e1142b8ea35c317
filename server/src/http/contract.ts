import type Koa from 'koa';
import { CONTRACT } from '../../shared/contract.ts';
import { Problem } from './problem.ts';

/**
 * Refuses a page that was made for a contract which this server does not keep any more. What sends no number, or none that can be
 * read, is served.
 * @throws Problem client_outdated, with what to do
 */
export function assertContract(ctx: Koa.Context, lowest: number = CONTRACT.lowest): void {
  const said = ctx.req.headers['x-contract'];
  if (typeof said === 'string' && /^\d{1,6}$/.test(said) && Number(said) < lowest)
    throw new Problem('client_outdated', { params: { action: 'reload', lowest } });
}

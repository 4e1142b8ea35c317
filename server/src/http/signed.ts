import type Koa from 'koa';
import { isSigned } from '../infra/crypto/signature.ts';
import { parseJson, readBytes } from './body.ts';
import { Problem } from './problem.ts';

/** The systems that may call us with signed requests. */
export type Signer = 'sms' | 'deploy';

/** What their signatures are judged by. */
export interface Signing {
  /** null: nobody can have signed anything. */
  secretOf: (signer: Signer) => string | null;
  clock: () => Date;
}

/**
 * The JSON body of a request that another system has signed. The signature covers the body as it was sent and is looked
 * at before anything is parsed.
 * @throws Problem bad_signature, and those of `readJson`
 */
export async function readSignedJson(ctx: Koa.Context, signer: Signer, { secretOf, clock }: Signing): Promise<unknown> {
  const secret = secretOf(signer);
  const body = await readBytes(ctx);
  const message = { timestamp: ctx.get('x-timestamp'), signature: ctx.get('x-signature'), body };
  if (!secret || !isSigned(secret, message, clock())) throw new Problem('bad_signature');
  return parseJson(body);
}

import type { Cipher } from '../infra/crypto/index.ts';
import { FenceLost, type Answer, type Idempotency } from '../infra/idempotency/index.ts';
import { Problem } from './problem.ts';

/** Refusals that are answers: the same key gets them again. Anything else may be tried again under the same key. */
const isFinal = (problem: Problem) => problem.status < 500 && problem.status !== 429 && problem.status !== 401;

export interface Keyed {
  /** Hash of caller, route and the client's key. */
  key: string;
  request: string;
}

/** The stored identity of a write; the client's key and the body leave it only as keyed hashes. */
export function keyOf(cipher: Cipher, caller: string, operationId: string, clientKey: string, body: unknown): Keyed {
  if (!/^[\x21-\x7e]{8,100}$/.test(clientKey))
    throw new Problem('bad_request', { issues: [{ path: 'headers.idempotency-key', code: 'pattern_mismatch' }] });
  return {
    key: cipher.index('idempotency-key', `${caller}\n${operationId}\n${clientKey}`),
    request: cipher.index('idempotency-body', JSON.stringify(body ?? null)),
  };
}

/**
 * Runs a write once per key. The same key and body get the first answer again, also a refusal; another body is `key_reused`,
 * a first run still going `in_progress`.
 */
export async function runOnce(
  store: Idempotency,
  { key, request }: Keyed,
  work: () => Promise<Answer>,
): Promise<Answer & { replayed?: true; problem?: Problem }> {
  const claim = await store.claim(key, request);
  if (claim.kind === 'reused') throw new Problem('key_reused');
  if (claim.kind === 'running') throw new Problem('in_progress', { retryAfter: 1 });
  if (claim.kind === 'answered') {
    const { status, body } = claim.answer;
    if (status >= 400) {
      const { code, details } = body as { code: Problem['code']; details: Problem['details'] };
      throw new Problem(code, details);
    }
    return { status, body, replayed: true };
  }
  try {
    return await store.run(key, claim.fence, work);
  } catch (err) {
    if (err instanceof FenceLost) throw new Problem('in_progress', { retryAfter: 1 });
    if (err instanceof Problem && isFinal(err)) {
      await store.refuse(key, claim.fence, { status: err.status, body: { code: err.code, details: err.details } });
    } else {
      // Best effort: when the database is away the lease ends by itself.
      await store.release(key, claim.fence).catch(() => undefined);
    }
    throw err;
  }
}

import { WechatError } from './types.ts';

const TIMEOUT_MS = 3_000;

/** An answer of WeChat's: `errcode` is 0 where it gave none, which is how it says yes. */
export type WechatAnswer = Record<string, unknown> & { errcode: number };

export interface WechatRequest {
  /** `/sns/jscode2session` */
  path: string;
  /** Goes into the address; never logged. */
  query?: Record<string, string>;
  /** Makes it a POST. */
  body?: Record<string, unknown>;
}

export type WechatCall = (request: WechatRequest) => Promise<WechatAnswer>;

/** Calls WeChat's API: JSON in, JSON out, whatever content type it says, and no redirects, since the secret goes along. */
export function createWechatCall(
  origin: string,
  { fetch: call = fetch, timeoutMs = TIMEOUT_MS }: { fetch?: typeof fetch; timeoutMs?: number } = {},
): WechatCall {
  return async ({ path, query, body }) => {
    const url = `${origin}${path}${query ? `?${new URLSearchParams(query)}` : ''}`;
    // One signal over the whole exchange: half an answer doesn't hold us either.
    const signal = AbortSignal.timeout(timeoutMs);
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const { status, text } = await call(url, { ...(body ? post : {}), signal, redirect: 'error' })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch(() => {
        // The cause is left out: it may hold the address, and with it the secret.
        throw new WechatError('unavailable', signal.aborted ? `no answer in ${timeoutMs} ms` : 'no connection');
      });
    const answer = status === 200 ? read(text) : null;
    if (!answer) throw new WechatError('unavailable', `${path} answered ${status}, nothing that can be read`);
    return answer;
  };
}

function read(text: string): WechatAnswer | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
    const { errcode = 0 } = parsed as { errcode?: unknown };
    return typeof errcode === 'number' && Number.isInteger(errcode) ? { ...parsed, errcode } : null;
  } catch {
    return null;
  }
}

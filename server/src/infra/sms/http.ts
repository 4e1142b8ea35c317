import { randomId } from '../crypto/index.ts';
import { signMessage } from '../crypto/signature.ts';
import { isVendorId, SmsError, type SmsFault, type SmsSender } from './types.ts';

const TIMEOUT_MS = 3_000;

/** The vendor's codes → what they mean for us. Anything else is `unavailable`. */
const FAULTS: Record<string, SmsFault> = {
  BAD_SIGNATURE: 'misconfigured',
  EXPIRED_TIMESTAMP: 'misconfigured',
  UNKNOWN_TEMPLATE: 'misconfigured',
  NO_BALANCE: 'misconfigured',
  BAD_PHONE: 'refused',
  BLOCKED_PHONE: 'refused',
  BAD_CONTENT: 'refused',
  PHONE_LIMIT: 'limited',
  RATE_LIMIT: 'limited',
};

export interface HttpSmsOptions {
  url: string;
  secret: string;
  clock: () => Date;
  fetch?: typeof fetch;
  timeoutMs?: number;
}

/**
 * The http driver. POSTs JSON `{ id, phone, template, params }` with `X-Timestamp` (seconds since 1970) and
 * `X-Signature` (infra/crypto/signature.ts). The vendor answers 200 `{ "code": "OK", "messageId" }`, or a code of the table
 * above with any status. `id` is new for each call: a message is never repeated by itself, since a second login code would
 * end the first.
 */
export function createHttpSms({
  url,
  secret,
  clock,
  fetch: call = fetch,
  timeoutMs = TIMEOUT_MS,
}: HttpSmsOptions): SmsSender {
  return {
    async send({ phone, template, params }) {
      const body = JSON.stringify({ id: randomId(), phone, template, params });
      const timestamp = String(Math.floor(clock().getTime() / 1000));
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'x-timestamp': timestamp,
        'x-signature': signMessage(secret, timestamp, body),
      };
      // One signal over the whole exchange: a vendor that sends half an answer doesn't hold us either.
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await call(url, { method: 'POST', headers, body, signal, redirect: 'error' })
        .then(async (response) => ({ status: response.status, ...read(await response.text()) }))
        .catch((error: unknown) => {
          throw new SmsError('unavailable', signal.aborted ? `no answer in ${timeoutMs} ms` : 'no connection', error);
        });
      if (answer.status === 200 && answer.code === 'OK') return { vendorId: answer.messageId };
      const fault = FAULTS[answer.code] ?? (answer.status === 429 ? 'limited' : 'unavailable');
      throw new SmsError(fault, `status ${answer.status}, vendor code ${answer.code}`);
    },
  };
}

/** Only a code of letters and an id get into messages, logs and the database: an answer may quote the phone. */
function read(text: string): { code: string; messageId: string | null } {
  try {
    const { code, messageId } = JSON.parse(text) as { code?: unknown; messageId?: unknown };
    return {
      code: typeof code === 'string' && /^[A-Z_]{2,40}$/.test(code) ? code : 'none',
      messageId: typeof messageId === 'string' && isVendorId(messageId) ? messageId : null,
    };
  } catch {
    return { code: 'none', messageId: null };
  }
}

import { createHmac } from 'node:crypto';
import { signMessage } from '../crypto/signature.ts';
import type { Post } from './post.ts';
import { WebhookError, type WebhookKind, type WebhookMessage, type WebhookTarget } from './types.ts';

/** What a robot answers when it was told too much in a minute. */
const DINGTALK_TOO_FAST = new Set([130101, 410100, 90030]);

interface Exchange {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** How a kind of receiver is spoken to, and what its answers mean. */
interface Protocol {
  write(target: WebhookTarget, message: WebhookMessage, now: Date): Exchange;
  /** @throws WebhookError unless it was taken */
  judge(text: string): void;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'dengji-webhook' };

/** Signed as our own callbacks are: `X-Timestamp` in seconds, `X-Signature` = HMAC-SHA-256 over `timestamp.body` in hex. */
const json: Protocol = {
  write({ url, secret }, { id, event, body }, now) {
    const timestamp = String(Math.floor(now.getTime() / 1000));
    const signature: Record<string, string> =
      secret === null ? {} : { 'x-signature': signMessage(secret, timestamp, body) };
    const headers = { ...JSON_TYPE, 'x-webhook-id': id, 'x-webhook-event': event, 'x-timestamp': timestamp };
    return { url, headers: { ...headers, ...signature }, body };
  },
  judge: () => undefined,
};

/**
 * A robot of a DingTalk group. `timestamp` (ms) and `sign` (base64 of HMAC-SHA-256 over `timestamp\nsecret`) are in the
 * address; it answers 200 to everything, and says in `errcode` whether it took the message.
 */
const dingtalk: Protocol = {
  write({ url, secret }, { title, text }, now) {
    const address = new URL(url);
    if (secret !== null) {
      const timestamp = String(now.getTime());
      address.searchParams.set('timestamp', timestamp);
      address.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'));
    }
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { title, text } });
    return { url: address.href, headers: JSON_TYPE, body };
  },
  judge(text) {
    const code = errcodeOf(text);
    if (code === 0) return;
    if (code === null) throw new WebhookError('dingtalk_no_answer');
    throw new WebhookError(DINGTALK_TOO_FAST.has(code) ? TOO_FAST : `dingtalk_${code}`);
  },
};

function errcodeOf(text: string): number | null {
  try {
    const { errcode } = JSON.parse(text) as { errcode?: unknown };
    return typeof errcode === 'number' && Number.isSafeInteger(errcode) ? errcode : null;
  } catch {
    return null;
  }
}

const PROTOCOLS: Record<WebhookKind, Protocol> = { json, dingtalk };

/** Code of a WebhookError: it should be left alone for a while. */
export const TOO_FAST = 'too_fast';

/** Tells a target something. @throws WebhookError unless it has taken it */
export async function sendWebhook(
  post: Post,
  target: WebhookTarget,
  message: WebhookMessage,
  now: Date,
): Promise<void> {
  const { write, judge } = PROTOCOLS[target.kind];
  const { url, headers, body } = write(target, message, now);
  const { status, text } = await post(url, { headers, body });
  if (status === 429) throw new WebhookError(TOO_FAST);
  if (status < 200 || status > 299) throw new WebhookError(`status_${status}`);
  judge(text);
}

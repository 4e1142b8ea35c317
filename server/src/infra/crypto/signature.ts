import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the two clocks may be apart, and for how long a captured message could be sent again, s. */
const WINDOW_SECONDS = 300;

/** Signs a message between two systems that share a secret: HMAC-SHA-256 over `timestamp.body`, in hex; timestamp in s since 1970. */
export function signMessage(secret: string, timestamp: string, body: string | Buffer): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
}

/** Whether a signature is that of this body, made with this secret within five minutes of now. */
export function isSigned(
  secret: string,
  { timestamp, signature, body }: { timestamp: string; signature: string; body: string | Buffer },
  now: Date,
): boolean {
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_SECONDS)
    return false;
  const given = Buffer.from(signature);
  const wanted = Buffer.from(signMessage(secret, timestamp, body));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

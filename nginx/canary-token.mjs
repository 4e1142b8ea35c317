import { createHmac } from 'node:crypto';

/**
 * The value of the cookie `canary`, or of the header `X-Canary`, that puts its bearer on one side until it expires.
 * canary.js checks it inside nginx.
 * @param {{ key: string, side: 'canary' | 'main', expires: number }} options `expires`: unix seconds
 * @returns {string}
 */
export function canaryToken({ key, side, expires }) {
  const claim = `${side}.${Math.floor(expires)}`;
  return `${claim}.${createHmac('sha256', key).update(claim).digest('hex')}`;
}

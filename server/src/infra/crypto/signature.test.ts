import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSigned, signMessage } from './signature.ts';

const now = new Date('2026-11-21T02:00:00Z');
const timestamp = String(now.getTime() / 1000);
const body = '{"text":"登记"}';
const signature = signMessage('secret', timestamp, body);

describe('signatures between two systems', () => {
  it('are the HMAC over timestamp and body that anybody else would compute', () => {
    expect(signature).toBe(createHmac('sha256', 'secret').update(`${timestamp}.${body}`, 'utf8').digest('hex'));
    expect(signMessage('secret', timestamp, Buffer.from(body))).toBe(signature);
    expect(isSigned('secret', { timestamp, signature, body }, now)).toBe(true);
  });

  it.each([
    ['another secret', { secret: 'Secret' }],
    ['another body', { body: `${body} ` }],
    ['another time', { timestamp: String(Number(timestamp) + 1) }],
    ['half a signature', { signature: signature.slice(0, 32) }],
    ['none', { signature: '' }],
    ['no time', { timestamp: '' }],
    ['a time that is none', { timestamp: `${timestamp}.0` }],
  ])('%s does not fit', (_what, { secret = 'secret', ...changed }: Record<string, string>) => {
    expect(isSigned(secret, { timestamp, signature, body, ...changed }, now)).toBe(false);
  });

  it('are good for five minutes, either way', () => {
    const at = (ms: number) => isSigned('secret', { timestamp, signature, body }, new Date(now.getTime() + ms));
    expect([at(300_000), at(-300_000), at(300_001), at(-300_001)]).toEqual([true, true, false, false]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONTRACT } from '../../server/shared/contract.ts';
import { CONTRACT_FORM } from './contract-form.ts';
import { typeOf, valueAt, type Call } from './recorder.ts';
import { startSite, type Site } from './server.ts';

/**
 * Pages that were loaded before a release go on calling the API after it. `contract/` holds what pages of each contract that is
 * still served send, and which values of the answers they read: `capture.browser.ts` writes them. After its release a file is only
 * added to, and dropped when `CONTRACT.lowest` has passed it.
 */
interface Fixture {
  contract: number;
  calls: Call[];
}

const folder = new URL('contract/', import.meta.url);
const fixtures = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture);

let site: Site;
beforeAll(async () => {
  site = await startSite();
  await site.publishForm('signUp', CONTRACT_FORM);
});
afterAll(() => site?.close());

it('every contract that is served has its calls written down, and no other', () => {
  const served = Array.from({ length: CONTRACT.current - CONTRACT.lowest + 1 }, (_, at) => CONTRACT.lowest + at);
  expect(fixtures.map(({ contract }) => contract).toSorted()).toEqual(served);
});

it.each(fixtures)('pages of contract $contract work with this server', async ({ contract, calls }) => {
  const phone = `1390000${String(9000 + contract)}`;
  const kept: Record<string, unknown> = { phone };
  const cookies = new Map<string, string>();
  const wrong: string[] = [];
  for (const { call, body, status, reads, keep } of calls) {
    if (JSON.stringify(body ?? '').includes('$code')) kept['code'] = (await site.sentCodes(phone)).at(-1);
    const [method = '', path = ''] = call.split(' ');
    const answer = await fetch(site.baseUrl + filled(path, kept), {
      method,
      headers: {
        'X-Build': '0.0.1-older',
        'X-Contract': String(contract),
        'X-Requested-With': 'dengji',
        Origin: site.baseUrl,
        Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(path.endsWith('/submissions') && method === 'POST' ? { 'Idempotency-Key': crypto.randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(filledIn(body, kept)) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const text = await answer.text();
    const said = text ? (JSON.parse(text) as unknown) : undefined;
    if (answer.status !== status) wrong.push(`${call}: ${answer.status} in place of ${status} ${text.slice(0, 300)}`);
    for (const [at, type] of Object.entries(reads)) {
      const found = valueAt(said, at);
      if (typeOf(found) !== type && found !== type) wrong.push(`${call}: ${at} is ${typeOf(found)}, not ${type}`);
    }
    for (const [name, at] of Object.entries(keep ?? {})) kept[name] = valueAt(said, at);
  }
  expect(wrong).toEqual([]);
});

const filled = (text: string, kept: Record<string, unknown>) =>
  text.replace(/\$(\w+)/g, (_whole, name: string) => String(kept[name]));

function filledIn(body: unknown, kept: Record<string, unknown>): unknown {
  if (typeof body === 'string') return body.startsWith('$') ? kept[body.slice(1)] : body;
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, filledIn(value, kept)]));
}

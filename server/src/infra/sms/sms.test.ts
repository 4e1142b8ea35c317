import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../test/deps.ts';
import { createSmsVendor, type SmsVendor } from '../../../test/fakes/sms-vendor.ts';
import { createLogger } from '../logger/index.ts';
import { createHttpSms } from './http.ts';
import { createSms, SmsError, type SmsFault } from './index.ts';

const SECRET = 'a secret of the vendor';
const message = { phone: '13812345678', template: 'login-code' as const, params: { code: '918273' } };
const clock = createClock();
let lines: string[];
const log = createLogger({
  level: 'debug',
  name: 'test',
  destination: { write: (line: string) => void lines.push(line) },
});
beforeEach(() => (lines = []));

describe('the http driver', () => {
  let vendor: SmsVendor;
  beforeEach(async () => {
    vendor = await createSmsVendor({ secret: SECRET, clock });
  });
  afterEach(() => vendor.close());
  const sender = (secret = SECRET) =>
    createSms({ driver: 'http', outbox: '', url: vendor.url, secret }, { log, clock });

  const faultOf = async (work: Promise<unknown>): Promise<SmsFault | null> =>
    work.then(
      () => null,
      (error: unknown) => {
        expect(error).toBeInstanceOf(SmsError);
        expect(String((error as Error).message)).not.toMatch(/13812345678|918273/);
        return (error as SmsError).fault;
      },
    );

  it('sends a signed message once', async () => {
    const { vendorId } = await sender().send(message);
    expect(vendor.taken).toHaveLength(1);
    expect(vendor.taken[0]).toMatchObject({ ...message, messageId: vendorId });
    expect(vendor.taken[0]?.id).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    [{ answer: 'NO_BALANCE', status: 402 }, 'misconfigured'],
    [{ answer: 'BLOCKED_PHONE', status: 200 }, 'refused'],
    [{ answer: 'RATE_LIMIT', status: 429 }, 'limited'],
    [{ answer: 'SOMETHING_NEW', status: 429 }, 'limited'],
    [{ answer: 'SOMETHING_NEW', status: 400 }, 'unavailable'],
    [{ answer: 'INTERNAL', status: 500 }, 'unavailable'],
    [{ answer: 'OK', status: 500 }, 'unavailable'],
    [{ broken: 'html' }, 'unavailable'],
    [{ broken: 'hangup' }, 'unavailable'],
    [{ broken: 'redirect' }, 'unavailable'],
  ] as const)('%o is %s', async (mode, fault) => {
    vendor.behave(mode);
    expect(await faultOf(sender().send(message))).toBe(fault);
  });

  it('knows a wrong secret, a wrong clock and a phone the vendor refuses', async () => {
    expect(await faultOf(sender('another secret').send(message))).toBe('misconfigured');
    const late = createHttpSms({ url: vendor.url, secret: SECRET, clock: () => new Date(clock().getTime() - 400_000) });
    expect(await faultOf(late.send(message))).toBe('misconfigured');
    expect(await faultOf(sender().send({ ...message, phone: '999' }))).toBe('refused');
    for (let i = 0; i < 5; i += 1) await sender().send(message);
    expect(await faultOf(sender().send(message))).toBe('limited');
  });

  it.each(['13812345678', '', 'x'.repeat(65), '$gt', 7, null])(
    'does not take %o for the id of a message',
    async (id) => {
      vendor.behave({ answer: 'OK', messageId: id });
      expect(await sender().send(message)).toEqual({ vendorId: null });
    },
  );

  it.each(['silent', 'half'] as const)('does not wait for a vendor that is %s', async (broken) => {
    vendor.behave({ broken });
    const begun = Date.now();
    const quick = createHttpSms({ url: vendor.url, secret: SECRET, clock, timeoutMs: 200 });
    expect(await faultOf(quick.send(message))).toBe('unavailable');
    expect(Date.now() - begun).toBeLessThan(1500);
  });

  it('says unavailable when nobody listens', async () => {
    await vendor.close();
    expect(await faultOf(sender().send(message))).toBe('unavailable');
    vendor = await createSmsVendor({ secret: SECRET, clock });
  });

  it('logs the outcome without phone and code', async () => {
    await sender().send(message);
    vendor.behave({ answer: 'BAD_PHONE' });
    await faultOf(sender().send(message));
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['sms.sent', 'sms.refused']);
    expect(lines.join('')).not.toMatch(/13812345678|918273/);
  });
});

describe('the outbox driver', () => {
  it('appends one line a message, in a folder it makes, readable by its owner', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dengji-sms-'));
    const outbox = join(folder, 'new', 'outbox.ndjson');
    const sms = createSms({ driver: 'outbox', outbox, url: null, secret: null }, { log, clock });
    await Promise.all(Array.from({ length: 50 }, (_, i) => sms.send({ ...message, params: { code: String(i) } })));
    const written = (await readFile(outbox, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(written).toHaveLength(50);
    expect(written[0]).toMatchObject({ at: clock().toISOString(), phone: message.phone, template: 'login-code' });
    expect((await stat(outbox)).mode & 0o077).toBe(0);
    await rm(folder, { recursive: true });
  });
});

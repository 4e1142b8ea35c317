import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../test/deps.ts';
import { makeWorld, type World } from '../../../test/factories.ts';
import { createSmsVendor, type Receipt, type ReceiptOptions, type SmsVendor } from '../../../test/fakes/sms-vendor.ts';
import { createLogger } from '../../infra/logger/index.ts';
import { createSms } from '../../infra/sms/index.ts';
import { deliveryModel, type DeliveryDoc } from './deliveries.model.ts';

const SECRET = 'a secret of the vendor';
const MINUTE = 60_000;

describe('receipts of the SMS vendor', () => {
  let world: World;
  let vendor: SmsVendor;
  let phones = 0;
  const now = createClock();

  beforeAll(async () => {
    vendor = await createSmsVendor({ secret: SECRET, clock: () => world.clock() });
    const log = createLogger({ level: 'silent', name: 'test' });
    const sms = { driver: 'http' as const, outbox: '', url: vendor.url, secret: SECRET };
    world = await makeWorld({ deps: { sms: createSms(sms, { log, clock: () => world.clock() }) } });
    world.deps.config.sms.secret = SECRET;
  });
  afterAll(async () => {
    await world.close();
    await vendor.close();
  });
  beforeEach(async () => {
    world.clock.set(now());
    vendor.behave({ answer: 'OK' });
    await deliveryModel(world.deps.mongo).deleteMany({});
    world.deps.metrics.registry.resetMetrics();
    world.logged.length = 0;
  });

  /** A login code goes out; answers what the vendor calls the message. */
  const send = async () => {
    const phone = `1390000${String((phones += 1)).padStart(4, '0')}`;
    const { status } = await world.anonymous().post('/api/citizen/login-codes', { phone });
    expect(status).toBe(202);
    return vendor.taken.at(-1)!.messageId;
  };
  const receipt = (given: Receipt, options?: ReceiptOptions) =>
    vendor.receipt(`${world.app.origin}/api/callbacks/sms-receipts`, given, options);
  const worker = () => world.app.features.schedules.workers.find(({ name }) => name === 'delivery')!;
  const stored = () => deliveryModel(world.deps.mongo).findOne().lean<DeliveryDoc>();
  const counted = async () =>
    [...(await world.deps.metrics.registry.metrics()).matchAll(/sms_deliveries_total\{.*state="(\w+)"\} (\d+)/g)].map(
      ([, state, count]) => `${state} ${count}`,
    );

  it('a sent message waits for its receipt, and holds neither phone nor code', async () => {
    const messageId = await send();
    const doc = (await stored())!;
    expect(doc).toMatchObject({ vendorId: messageId, template: 'login-code', state: 'sent', at: world.clock() });
    expect(doc.work.due.getTime()).toBe(world.clock().getTime() + 10 * MINUTE);
    const { phone, params } = vendor.taken.at(-1)!;
    expect(JSON.stringify(doc)).not.toMatch(new RegExp(`${phone}|"${params['code']}"`));
    await worker().drain();
    expect((await stored())?.state).toBe('sent');
  });

  it.each(['delivered', 'failed'] as const)(
    '%s: taken once; what is said afterwards changes nothing',
    async (status) => {
      const messageId = await send();
      const code = status === 'failed' ? { code: 'PHONE_OFF' } : {};
      expect(await receipt({ messageId, status, ...code })).toEqual({ status: 200, body: { outcome: 'taken' } });
      const other = status === 'failed' ? 'delivered' : 'failed';
      expect((await receipt({ messageId, status: other })).body).toEqual({ outcome: 'repeated' });
      await worker().drain();
      expect(await stored()).toMatchObject({
        state: status,
        code: code.code ?? null,
        work: { state: 'done', fault: null },
      });
      expect((await receipt({ messageId, status: other })).body).toEqual({ outcome: 'repeated' });
      await worker().drain();
      expect((await stored())?.state).toBe(status);
      expect(await counted()).toEqual([`${status} 1`]);
      expect(world.logged.filter(({ event }) => event === 'sms.undelivered').map((line) => line['code'])).toEqual(
        status === 'failed' ? ['PHONE_OFF'] : [],
      );
    },
  );

  it('none in time: unknown, and a later one changes nothing', async () => {
    const messageId = await send();
    world.clock.advance(10 * MINUTE);
    await worker().drain();
    expect(await stored()).toMatchObject({ state: 'unknown', work: { state: 'done' } });
    expect(await receipt({ messageId, status: 'delivered' })).toEqual({ status: 200, body: { outcome: 'late' } });
    await worker().drain();
    expect((await stored())?.state).toBe('unknown');
    expect(await counted()).toEqual(['unknown 1']);
  });

  it('of many receipts at once, and the limit, one counts', async () => {
    const messageId = await send();
    world.clock.advance(10 * MINUTE - 1);
    const answers = Promise.all(
      Array.from({ length: 12 }, (_, at) => receipt({ messageId, status: at % 2 ? 'failed' : 'delivered' })),
    );
    const taken = (await answers).filter(({ body }) => body.outcome === 'taken');
    expect(taken).toHaveLength(1);
    world.clock.advance(1);
    await worker().drain();
    expect(['delivered', 'failed']).toContain((await stored())?.state);
    expect(await counted()).toHaveLength(1);
  });

  it('for a message that is not known: 404, so that the vendor sends it again', async () => {
    const { status, body } = await receipt({ messageId: 'vendor-unknown-1', status: 'delivered' });
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  it('what the vendor did not sign, or long ago, or as another, is refused before it is read', async () => {
    const messageId = await send();
    const good: Receipt = { messageId, status: 'delivered' };
    const refused: ReceiptOptions[] = [
      { secret: 'another secret of 16' },
      { at: new Date(world.clock().getTime() - 6 * MINUTE) },
      { at: new Date(world.clock().getTime() + 6 * MINUTE) },
      { wrong: (body) => body.replace('delivered', 'failed') },
      { wrong: (body) => `${body} ` },
      { wrong: () => '{"not json' },
    ];
    for (const options of refused) {
      const { status, body } = await receipt(good, options);
      expect([status, body.code]).toEqual([401, 'bad_signature']);
    }
    const unsigned = await world.anonymous().post('/api/callbacks/sms-receipts', good);
    expect([unsigned.status, unsigned.body.code]).toEqual([401, 'bad_signature']);
    expect((await stored())?.answer).toBeNull();
    expect((await receipt(good)).status).toBe(200);
  });

  it('sent again within the time a signature is good for: the same as once', async () => {
    const messageId = await send();
    const at = world.clock();
    expect((await receipt({ messageId, status: 'delivered' }, { at })).body.outcome).toBe('taken');
    world.clock.advance(4 * MINUTE);
    expect((await receipt({ messageId, status: 'delivered' }, { at })).body.outcome).toBe('repeated');
    world.clock.advance(2 * MINUTE);
    expect((await receipt({ messageId, status: 'delivered' }, { at })).status).toBe(401);
  });

  it('nobody can sign while no secret is set', async () => {
    const messageId = await send();
    world.deps.config.sms.secret = null;
    try {
      expect((await receipt({ messageId, status: 'delivered' }, { secret: '' })).status).toBe(401);
    } finally {
      world.deps.config.sms.secret = SECRET;
    }
  });

  it.each([
    { status: 'delivered' },
    { messageId: '13812345678', status: 'delivered' },
    { messageId: 'vendor-1-1', status: 'lost' },
    { messageId: 'vendor-1-1', status: 'failed', code: 'because 13812345678' },
    { messageId: 'vendor-1-1', status: 'failed', phone: '13812345678' },
    { messageId: { $gt: '' }, status: 'failed' },
  ])('%o is no receipt (26, 27)', async (given) => {
    const { status, body } = await receipt(given as unknown as Receipt);
    expect([status, body.code]).toEqual(
      'messageId' in given && typeof given.messageId === 'object' ? [400, 'bad_request'] : [422, 'invalid_input'],
    );
  });

  it('a code goes out also when its delivery can’t be noted', async () => {
    await send();
    vendor.behave({ answer: 'OK', messageId: vendor.taken.at(-1)!.messageId });
    await send();
    expect(world.logged.filter(({ event }) => event === 'sms.untracked')).toHaveLength(1);
    vendor.behave({ answer: 'OK', messageId: 7 });
    await send();
    expect(await deliveryModel(world.deps.mongo).countDocuments()).toBe(1);
  });
});

import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createWebhookReceiver, type WebhookReceiver } from '../../../test/fakes/webhook-receiver.ts';
import { createAddressRule } from './addresses.ts';
import { createPost, sendWebhook, type Resolve, type WebhookTarget } from './index.ts';

const SECRET = 'a secret of the receiver';
const NOW = new Date('2026-11-21T02:00:00Z');
const clock = () => NOW;
const MESSAGE = {
  id: 'r1:1',
  event: 'release.done',
  body: '{"event":"release.done"}',
  title: '发布完成',
  text: '### 发布完成',
};

describe('control 38: a webhook reaches nothing inside', () => {
  let canary: WebhookReceiver;
  let canary6: WebhookReceiver;
  beforeAll(async () => {
    canary = await createWebhookReceiver({ kind: 'json', secret: null, clock, host: '0.0.0.0' });
    canary6 = await createWebhookReceiver({ kind: 'json', secret: null, clock, host: '::1' });
  });
  afterAll(() => Promise.all([canary.close(), canary6.close()]));

  const codeOf = (url: string, resolve?: Resolve, allow: string[] = []) =>
    createPost({ allow, ...(resolve ? { resolve } : {}), timeoutMs: 2_000 })(url, { headers: {}, body: '{}' }).then(
      ({ status }) => `status ${status}`,
      (error: { code: string }) => error.code,
    );
  const as = (...addresses: string[]): Resolve & { asked: number } => {
    const resolve = ((_host, done) => {
      resolve.asked += 1;
      const now = addresses[Math.min(resolve.asked, addresses.length) - 1]!.split(' ');
      done(
        null,
        now.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) as Resolve & { asked: number };
    resolve.asked = 0;
    return resolve;
  };
  const untouched = () => expect([canary.connections, canary6.connections]).toEqual([0, 0]);

  it('however its address is spelled', async () => {
    const spellings = [
      ...['127.0.0.1', '127.1', '127.0.1', '0', '0.0.0.0', '2130706433', '0x7f000001', '0x7f.1', '017700000001'],
      ...['0177.0.0.1', '127.0.0.1.', '１２７.0.0.1', '127。0。0。1', '%31%32%37.0.0.1', '127.8.8.8'],
      ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:1]'],
      ...['[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fe80::1]', '[fd00:ec2::254]', '[ff02::1]'],
      ...['169.254.169.254', '0xa9fea9fe', '2852039166', '100.100.100.200', '10.0.0.1', '172.16.0.1', '192.168.1.1'],
      ...['198.18.0.1', '224.0.0.1', '255.255.255.255', 'localhost', 'LOCALHOST'],
    ];
    const reached: string[] = [];
    for (const host of spellings) {
      for (const port of [canary.port, canary6.port]) {
        const code = await codeOf(`http://${host}:${port}/`);
        if (code !== 'address_refused') reached.push(`${host}: ${code}`);
      }
    }
    expect(reached).toEqual([]);
    // Not every system knows this one.
    expect(await codeOf(`http://localhost.:${canary.port}/`)).toMatch(/address_refused|unreachable/);
    untouched();
  });

  it('whatever its name resolves to, also among good addresses', async () => {
    for (const addresses of [
      '127.0.0.1',
      '::1',
      '::ffff:127.0.0.1',
      '10.1.2.3',
      '8.8.8.8 127.0.0.1',
      '2001:4860:4860::8888 ::1',
    ])
      expect([addresses, await codeOf(`http://hooks.example:${canary.port}/`, as(addresses))]).toEqual([
        addresses,
        'address_refused',
      ]);
    untouched();
  });

  it('a name that changes its mind is asked once: what was judged is what is connected to', async () => {
    const rebinding = as('10.1.2.3', '127.0.0.1');
    expect(await codeOf(`http://hooks.example:${canary.port}/`, rebinding, ['10.1.2.3'])).toMatch(
      /unreachable|timed_out/,
    );
    expect(rebinding.asked).toBe(1);
    // The next call asks again, and judges again.
    expect(await codeOf(`http://hooks.example:${canary.port}/`, rebinding, ['10.1.2.3'])).toBe('address_refused');
    untouched();
  });

  it('a redirect is an answer, not a direction; nothing of the environment is a proxy', async () => {
    const outside = await createWebhookReceiver({ kind: 'json', secret: null, clock, host: '127.0.0.2' });
    const proxy = `http://127.0.0.1:${canary.port}`;
    try {
      for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY']) vi.stubEnv(name, proxy);
      for (const status of [301, 302, 303, 307, 308]) {
        outside.next({ status, headers: { location: `http://127.0.0.1:${canary.port}/` } });
        expect(await codeOf(outside.url, undefined, ['127.0.0.2'])).toBe(`status ${status}`);
      }
      untouched();
    } finally {
      vi.unstubAllEnvs();
      await outside.close();
    }
  });

  it('the canary would have sung', async () => {
    const before = canary.connections;
    expect(await codeOf(`http://127.0.0.1:${canary.port}/`, undefined, ['127.0.0.0/8'])).toBe('status 401');
    expect(await codeOf(`http://hooks.example:${canary.port}/`, as('127.0.0.1'), ['127.0.0.1'])).toBe('status 401');
    expect(canary.connections).toBe(before + 2);
  });

  it.each([
    [['10.0.0.0/8'], '10.1.2.3', true],
    [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
    [['10.0.0.0/8'], '11.1.2.3', true],
    [['10.1.2.3'], '10.1.2.4', false],
    [['fd00::/8'], 'fd12::1', true],
    [[], 'fd12::1', false],
    [[], '2606:4700:4700::1111', true],
    [[], '1.1.1.1', true],
    [[], 'fe80::1%eth0', false],
    [[], 'hooks.example', false],
  ] as const)('allowed %o: %s is %s', (allow, address, may) => {
    expect(createAddressRule(allow)(address)).toBe(may);
  });
});

describe('webhooks on the wire', () => {
  const post = createPost({ allow: ['127.0.0.1'], timeoutMs: 1_000 });
  const receivers: WebhookReceiver[] = [];
  afterAll(() => Promise.all(receivers.map((receiver) => receiver.close())));

  async function receive(kind: 'json' | 'dingtalk', secret: string | null) {
    const receiver = await createWebhookReceiver({ kind, secret, clock });
    receivers.push(receiver);
    const target: WebhookTarget = { id: 'one', host: 'x', kind, url: receiver.url, secret, events: null };
    const send = (change: Partial<WebhookTarget> = {}) =>
      sendWebhook(post, { ...target, ...change }, MESSAGE, NOW).then(
        () => 'taken',
        (error: { code: string }) => error.code,
      );
    return { receiver, send };
  }

  it.each([SECRET, null])('json: signed as our callbacks are (secret %s)', async (secret) => {
    const { receiver, send } = await receive('json', secret);
    expect(await send()).toBe('taken');
    expect(receiver.taken).toEqual([{ id: 'r1:1', event: 'release.done', body: { event: 'release.done' } }]);
    expect(await send({ secret: 'another secret of mine' })).toBe('status_401');
  });

  it('dingtalk: Markdown, signed in the address; an errcode is a refusal although the status is 200', async () => {
    const { receiver, send } = await receive('dingtalk', SECRET);
    expect(await send()).toBe('taken');
    expect(receiver.taken[0]!.body).toEqual({
      msgtype: 'markdown',
      markdown: { title: '发布完成', text: '### 发布完成' },
    });
    expect(await send({ secret: 'another secret of mine' })).toBe('dingtalk_310000');
    expect(await send({ secret: null })).toBe('dingtalk_310000');
    expect(await send({ url: receiver.url.replace('a-token', 'no-token') })).toBe('dingtalk_300001');
    const answers = ['', '<h1>Gateway</h1>', '{"errcode":"0"}', '{}', '[]', 'null'];
    for (const body of answers) {
      receiver.next({ status: 200, body });
      expect([body, await send()]).toEqual([body, 'dingtalk_no_answer']);
    }
    for (const errcode of [130101, 410100]) {
      receiver.next({ status: 200, body: JSON.stringify({ errcode }) });
      expect(await send()).toBe('too_fast');
    }
  });

  it('a broken receiver is a failure with a code, and holds nobody', async () => {
    const { receiver, send } = await receive('json', SECRET);
    receiver.next(
      { status: 500 },
      { status: 302 },
      { status: 429 },
      { broken: 'hangup' },
      { broken: 'endless' },
      { broken: 'silent' },
    );
    const codes = [await send(), await send(), await send(), await send(), await send(), await send()];
    expect(codes).toEqual(['status_500', 'status_302', 'too_fast', 'unreachable', 'answer_too_large', 'timed_out']);
    await receiver.close();
    expect(await send()).toBe('unreachable');
  });

  it('what is thrown tells neither the address nor its secrets', async () => {
    const { receiver } = await receive('dingtalk', SECRET);
    receiver.next({ status: 500, body: 'quoted: a-token-of-the-robot' });
    const target: WebhookTarget = {
      id: 'one',
      host: 'x',
      kind: 'dingtalk',
      url: receiver.url,
      secret: SECRET,
      events: null,
    };
    const error = (await sendWebhook(post, target, MESSAGE, NOW).catch((thrown: unknown) => thrown)) as Error;
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(
      /token|secret|sign=/,
    );
  });
});

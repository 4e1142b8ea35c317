import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, must, type World } from '../../../test/factories.ts';
import { createFakeWechat, type FakeWechat } from '../../../test/fakes/wechat.ts';
import { logInCitizen } from '../../../test/logins.ts';
import { accountModel } from '../accounts/index.ts';

const PAGE = '/register/';
const NONCE = '0123456789abcdef0123456789abcdef';
let world: World;
let fake: FakeWechat;
let clock: () => Date = () => new Date();
let users = 0;
const newUser = () => `openid-${String((users += 1)).padStart(6, '0')}`;
const newPhone = () => `1370000${String((users += 1)).padStart(4, '0')}`;

beforeAll(async () => {
  fake = await createFakeWechat({ clock: () => clock() });
  world = await makeWorld({ config: { wechat: fake.config } });
  clock = world.clock;
  await world.form();
});
beforeEach(() => world.clock.advance(61_000));
afterAll(async () => {
  await world.close();
  await fake.close();
});

const logIn = (code: string, { path = PAGE, nonce = NONCE } = {}) =>
  world.anonymous().post('/api/citizen/wechat/login', { code, path, nonce });
const ticketOf = async (openid = newUser(), unionid?: string): Promise<string> =>
  must(await logIn(fake.loginCode(openid, unionid)), 200).body.ticket;
const use = (ticket: string, { path = PAGE, nonce = NONCE } = {}, browser = world.anonymous()) =>
  browser.post('/api/citizen/session/ticket', { ticket, path, nonce });
/** A page in the mini-program, logged in as this WeChat user. */
const comeIn = async (openid = newUser(), unionid?: string): Promise<Browser> => {
  const browser = world.anonymous();
  must(await use(await ticketOf(openid, unionid), {}, browser), 200);
  return browser;
};
const who = async (browser: Browser) => (await browser.get('/api/citizen/session')).body;
const bind = (browser: Browser, phone: string) =>
  browser.post('/api/citizen/wechat/phone', { code: fake.phoneCode(phone) });
const bindBySms = async (browser: Browser, phone: string) => {
  const { loginCodeId } = must(await browser.post('/api/citizen/login-codes', { phone }), 202).body;
  return browser.post('/api/citizen/phone', { loginCodeId, phone, code: (await world.sentCodes(phone)).at(-1) });
};
const mine = async (browser: Browser): Promise<string[]> =>
  must(await browser.get('/api/citizen/submissions'), 200)
    .body.items.map(({ id }: { id: string }) => id)
    .sort();
const submit = async (browser: Browser): Promise<string> => must(await world.submit(browser), 201).body.id;

describe('a ticket', () => {
  it('logs in once, as the same account whenever this WeChat user comes', async () => {
    const openid = newUser();
    const answer = must(await logIn(fake.loginCode(openid)), 200);
    expect(answer.body.expiresAt).toBe(new Date(world.clock().getTime() + 120_000).toISOString());
    const browser = world.anonymous();
    const session = must(await use(answer.body.ticket, {}, browser), 200);
    expect(session.body).toMatchObject({ phone: '' });
    expect(session.headers.get('set-cookie')).toMatch(/^citizen=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(await who(browser)).toEqual(session.body);
    expect(await who(await comeIn(openid))).toEqual(session.body);
    expect((await use(answer.body.ticket)).body).toMatchObject({ status: 401, code: 'ticket_invalid' });
  });

  it('is won by exactly one of 20 at once', async () => {
    const ticket = await ticketOf();
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => use(ticket)))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 401)]);
  });

  it('two first log-ins of a user at once make one account', async () => {
    const openid = newUser();
    const accounts = await Promise.all(
      Array.from({ length: 5 }, async () => (await who(await comeIn(openid))).accountId),
    );
    expect(new Set(accounts).size).toBe(1);
  });

  it('is refused for another page, another nonce, too late, forged: one answer for all, and it is used up', async () => {
    const wrong: [string, (ticket: string) => ReturnType<typeof use>][] = [
      ['another page', (ticket) => use(ticket, { path: '/business/' })],
      ['a place in the page', (ticket) => use(ticket, { path: '/register/#/submissions' })],
      ['no page', (ticket) => use(ticket, { path: '//evil.example/register/' })],
      ['another nonce', (ticket) => use(ticket, { nonce: 'f'.repeat(32) })],
      ['no nonce', (ticket) => use(ticket, { nonce: '' })],
      ['forged', (ticket) => use(`${ticket.slice(0, -1)}${ticket.endsWith('A') ? 'B' : 'A'}`)],
      ['empty', () => use('')],
      ['the key of another thing in Redis', () => use('../session:citizen')],
    ];
    const faults: string[] = [];
    const bodies = new Set<string>();
    for (const [what, attempt] of wrong) {
      const ticket = await ticketOf();
      const { status, body, headers } = await attempt(ticket);
      if (status !== 401 || body.code !== 'ticket_invalid' || headers.get('set-cookie'))
        faults.push(`${what}: ${status}`);
      bodies.add(JSON.stringify({ ...body, requestId: '' }));
      const still = (await use(ticket)).status;
      if (still !== (['forged', 'empty', 'the key of another thing in Redis'].includes(what) ? 200 : 401))
        faults.push(`${what}, then the right way: ${still}`);
    }
    expect(faults).toEqual([]);
    expect(bodies.size).toBe(1);
  });

  it('ends after 120 seconds', async () => {
    const [late, inTime] = [await ticketOf(), await ticketOf()];
    world.clock.advance(119_000);
    expect((await use(inTime)).status).toBe(200);
    world.clock.advance(1_000);
    expect((await use(late)).body.code).toBe('ticket_invalid');
  });

  it('is in Redis under its hash only, without openid and nonce', async () => {
    const openid = newUser();
    const ticket = await ticketOf(openid);
    const keys = await world.deps.redis.keys('*');
    const texts = await Promise.all(keys.map((key) => world.deps.redis.get(key).catch(() => '')));
    const all = [...keys, ...texts].join('\n');
    expect(all).toContain('login-ticket:');
    for (const secret of [ticket, openid, NONCE]) expect(all.includes(secret)).toBe(false);
  });

  it('takes the place of the session that the browser had', async () => {
    const browser = await comeIn();
    const before = browser.cookies.get('citizen')!;
    must(await use(await ticketOf(), {}, browser), 200);
    expect(browser.cookies.get('citizen')).not.toBe(before);
    expect((await world.anonymous().get('/api/citizen/session', { cookie: `citizen=${before}` })).status).toBe(401);
  });

  it('is not given or taken for a disabled account', async () => {
    const openid = newUser();
    const ticket = await ticketOf(openid);
    const { accountId } = await who(await comeIn(openid));
    await accountModel(world.deps.mongo).updateOne({ _id: accountId }, { $set: { disabled: true } });
    expect((await use(ticket)).body.code).toBe('account_disabled');
    expect((await logIn(fake.loginCode(openid))).body.code).toBe('account_disabled');
  });

  it('of another site is refused before it is looked at', async () => {
    const ticket = await ticketOf();
    const body = { ticket, path: PAGE, nonce: NONCE };
    const forged: Record<string, string>[] = [{ 'x-requested-with': '' }, { origin: 'https://evil.example' }];
    for (const headers of forged)
      expect((await world.anonymous().post('/api/citizen/session/ticket', body, headers)).status).toBe(403);
    expect((await use(ticket)).status).toBe(200);
  });
});

/** Ways to write another place so that somebody takes it for a page of ours. */
const ELSEWHERE = [
  '//evil.example',
  '//evil.example/register/',
  '///evil.example/register/',
  '/\\evil.example',
  '\\\\evil.example\\register\\',
  'https:evil.example',
  'https://evil.example/register/',
  'https:///evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt://register/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '/register/%2e%2e%2f%2fevil.example',
  '/register/..//evil.example',
  '/register/../business/',
  '/register/@evil.example',
  '@evil.example/register/',
  '/register/\r\nLocation: https://evil.example',
  '/register/\u0000//evil.example',
  '/register/?next=https://evil.example',
  '/register/#/../../evil',
  ' /register/',
  '\t//evil.example',
  '／／evil.example',
  '/register\u2215..',
  '/REGISTER/',
  '.evil.example/register/',
  '/business/',
  '',
];

describe('control 39: no way leads to another place', () => {
  it(`${ELSEWHERE.length} spellings of elsewhere get no ticket, are not told where to go, and WeChat is not asked`, async () => {
    const asked = fake.calls.length;
    const faults: string[] = [];
    for (const path of ELSEWHERE) {
      const { status, body, headers } = await logIn(fake.loginCode(newUser()), { path });
      const named = body.issues?.some((issue: { path: string }) => issue.path === 'body.path');
      if (status !== 422 || !named || headers.get('location')) faults.push(`${JSON.stringify(path)}: ${status}`);
    }
    expect(faults).toEqual([]);
    expect(fake.calls.length).toBe(asked);
    expect(ELSEWHERE.length).toBeGreaterThanOrEqual(20);
  });

  it('the same page without its last slash is the same page', async () => {
    const { body } = must(await logIn(fake.loginCode(newUser()), { path: '/register' }), 200);
    expect((await use(body.ticket, { path: '/register/' })).status).toBe(200);
  });
});

describe('codes of WeChat', () => {
  it('that are forged, used, too old or for something else are refused', async () => {
    const used = fake.loginCode(newUser());
    must(await logIn(used), 200);
    const old = fake.loginCode(newUser());
    world.clock.advance(5 * 60_000);
    const codes = ['login-0-forged', used, old, fake.phoneCode('13800000000')];
    const answers = await Promise.all(codes.map((code) => logIn(code)));
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      codes.map(() => [401, 'wechat_code_refused']),
    );
  });

  it.each([
    [40029, 401, 'wechat_code_refused'],
    [40163, 401, 'wechat_code_refused'],
    [40226, 401, 'wechat_code_refused'],
    [-1, 503, 'wechat_busy'],
    [45009, 503, 'wechat_busy'],
    [45011, 503, 'wechat_busy'],
    [40013, 503, 'wechat_unavailable'],
    [40125, 503, 'wechat_unavailable'],
    ['hangup', 503, 'wechat_unavailable'],
  ] as const)('%s is answered %i %s, at both doors', async (mode, status, code) => {
    const browser = await comeIn();
    fake.behave('jscode2session', mode, 1);
    const login = await logIn(fake.loginCode(newUser()));
    expect(login.body).toMatchObject({ status, code });
    expect(login.headers.get('retry-after') !== null).toBe(status === 503);
    fake.behave('getuserphonenumber', mode, 1);
    expect((await bind(browser, newPhone())).body).toMatchObject({ status, code });
  });

  it('access tokens that are not good any more (40001, 42001) are renewed without the citizen noticing', async () => {
    for (const errcode of [40001, 42001]) {
      fake.behave('getuserphonenumber', errcode, 1);
      must(await bind(await comeIn(), newPhone()), 200);
    }
  });
});

describe('a phone', () => {
  it('is bound by WeChat’s component, and its SMS log-in is the same account', async () => {
    const [openid, phone] = [newUser(), newPhone()];
    const shell = await comeIn(openid);
    const sent = await submit(shell);
    const bound = must(await bind(shell, phone), 200);
    expect(bound.body.phone).toBe(`137****${phone.slice(-4)}`);
    const browser = await logInCitizen(world.app, world.sentCodes, phone);
    expect((await who(browser)).accountId).toBe(bound.body.accountId);
    expect(await mine(browser)).toEqual([sent]);
    expect((await who(await comeIn(openid))).accountId).toBe(bound.body.accountId);
    // Again is no news.
    expect((await bind(shell, phone)).body).toEqual(bound.body);
  });

  it('is bound by a code sent to it, and by no other code', async () => {
    const phone = newPhone();
    const shell = await comeIn();
    const { loginCodeId } = must(await shell.post('/api/citizen/login-codes', { phone }), 202).body;
    const code = (await world.sentCodes(phone)).at(-1)!;
    const wrong = code === '000000' ? '000001' : '000000';
    const prove = (given: string) => shell.post('/api/citizen/phone', { loginCodeId, phone, code: given });
    expect((await prove(wrong)).body.code).toBe('wrong_code');
    expect((await prove(code)).body).toMatchObject({ phone: `137****${phone.slice(-4)}` });
    expect((await prove(code)).body.code).toBe('wrong_code');
  });

  it('that an account has already: all goes there, drafts and people too, and the session goes on as it', async () => {
    const [openid, phone] = [newUser(), newPhone()];
    const browser = await logInCitizen(world.app, world.sentCodes, phone);
    const account = await who(browser);
    const first = await submit(browser);
    const shell = await comeIn(openid);
    const other = await comeIn(openid);
    const second = await submit(shell);
    const draft = '/api/citizen/forms/healthDeclaration/draft';
    must(await shell.put(draft, { version: 1, answers: { name: '王' }, step: 1, rev: 0 }), 200);
    world.clock.advance(1_000);

    const bound = must(await bind(shell, phone), 200);
    expect(bound.body).toEqual(account);
    expect(await who(shell)).toEqual(account);
    for (const one of [shell, browser]) {
      expect(await mine(one)).toEqual([first, second].sort());
      expect((await one.get(draft)).body).toMatchObject({ answers: { name: '王' }, step: 1, rev: 1 });
    }
    // The page in the WebView goes on saving what it had begun.
    must(await shell.put(draft, { version: 1, answers: { name: '王五' }, step: 2, rev: 1 }), 200);
    expect(await who(await comeIn(openid))).toEqual(account);
    await expect.poll(async () => (await other.get('/api/citizen/session')).status).toBe(401);
    const links = await world.deps.mongo.collection('personLinks').find({ accountId: account.accountId }).toArray();
    expect(links.map(({ relation }) => relation as string).sort()).toEqual(['family', 'self']);
    const [merged] = await world.deps.mongo
      .collection('audit')
      .find({ action: 'account.merged' })
      .sort({ _id: -1 })
      .toArray();
    expect(merged).toMatchObject({ object: { type: 'account', id: account.accountId } });
  });

  it('of two drafts of a form, the later one stays, and neither device overwrites the other unasked', async () => {
    const draft = '/api/citizen/forms/healthDeclaration/draft';
    const save = (one: Browser, name: string, rev = 0) =>
      one.put(draft, { version: 1, answers: { name }, step: 0, rev });
    for (const later of ['shell', 'browser']) {
      const phone = newPhone();
      const browser = await logInCitizen(world.app, world.sentCodes, phone);
      const shell = await comeIn();
      for (const one of later === 'shell' ? [browser, shell] : [shell, browser]) {
        must(await save(one, one === shell ? '壳' : '网'), 200);
        world.clock.advance(1_000);
      }
      must(await bind(shell, phone), 200);
      const stayed = (await browser.get(draft)).body;
      expect([later, stayed.answers.name]).toEqual([later, later === 'shell' ? '壳' : '网']);
      expect((await save(later === 'shell' ? browser : shell, '覆盖', 0)).body.code).toBe('edit_conflict');
      if (later === 'shell') expect((await save(browser, '覆盖', 1)).body.code).toBe('edit_conflict');
    }
  });

  it('bound by SMS merges too, whichever of several bindings at once is first', async () => {
    const [openid, phone] = [newUser(), newPhone()];
    const account = await who(await logInCitizen(world.app, world.sentCodes, phone));
    world.clock.advance(61_000);
    const shells = [await comeIn(openid), await comeIn(openid), await comeIn(openid)];
    const answers = await Promise.all([bind(shells[0]!, phone), bind(shells[1]!, phone), bindBySms(shells[2]!, phone)]);
    // Whoever came late found its session ended, or itself merged already.
    for (const { status, body } of answers) expect([200, 401, 403], JSON.stringify(body)).toContain(status);
    expect(
      answers.filter(({ status, body }) => status === 200 && body.accountId === account.accountId).length,
    ).toBeGreaterThan(0);
    expect(await who(await comeIn(openid))).toEqual(account);
    const accounts = accountModel(world.deps.mongo);
    expect(await accounts.countDocuments({ mergedInto: account.accountId })).toBe(1);
    expect((await accounts.findById(account.accountId).lean())!.wechat).toHaveLength(1);
  });

  it('that two WeChat users bind at once is one account of both', async () => {
    const [one, two, phone] = [newUser(), newUser(), newPhone()];
    const shells = [await comeIn(one), await comeIn(two)];
    const answers = await Promise.all(shells.map((shell) => bind(shell, phone)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]!.body).toEqual(answers[1]!.body);
    expect(await who(await comeIn(one))).toEqual(await who(await comeIn(two)));
  });

  it('another than the account has is refused, as are numbers of other countries', async () => {
    const shell = await comeIn();
    const phone = newPhone();
    must(await bind(shell, phone), 200);
    expect((await bind(shell, newPhone())).body).toMatchObject({ status: 409, code: 'phone_bound' });
    const abroad = fake.phoneCode('13800001234', { countryCode: '852' });
    expect((await shell.post('/api/citizen/wechat/phone', { code: abroad })).body.code).toBe('phone_unsupported');
    expect((await who(shell)).phone).toBe(`137****${phone.slice(-4)}`);
  });

  it('of a disabled account is not a way into it, and nothing moves', async () => {
    const phone = newPhone();
    const { accountId } = await who(await logInCitizen(world.app, world.sentCodes, phone));
    await accountModel(world.deps.mongo).updateOne({ _id: accountId }, { $set: { disabled: true } });
    const shell = await comeIn();
    const sent = await submit(shell);
    expect((await bind(shell, phone)).body.code).toBe('account_disabled');
    expect(await mine(shell)).toEqual([sent]);
  });

  it('a ticket of before the merge leads to the account that is left', async () => {
    const [openid, phone] = [newUser(), newPhone()];
    const account = await who(await logInCitizen(world.app, world.sentCodes, phone));
    const shell = await comeIn(openid);
    const ticket = await ticketOf(openid);
    must(await bind(shell, phone), 200);
    expect((await use(ticket)).body).toEqual(account);
  });
});

it('what a request of before a merge wrote after it is there from the next log-in on', async () => {
  const [openid, phone] = [newUser(), newPhone()];
  await logInCitizen(world.app, world.sentCodes, phone);
  const shell = await comeIn(openid);
  const { accountId } = await who(shell);
  must(await bind(shell, phone), 200);
  const sent = await submit(shell);
  await world.deps.mongo
    .collection('submissions')
    .updateOne({ accountId: (await who(shell)).accountId }, { $set: { accountId } });
  expect(await mine(shell)).toEqual([]);
  expect(await mine(await comeIn(openid))).toEqual([sent]);
});

describe('a WeChat user', () => {
  it('is the same by unionid, also when an operator joins the mini-program to others later', async () => {
    const [one, two, unionid] = [newUser(), newUser(), `union-${newUser()}`];
    const before = await who(await comeIn(one));
    expect(await who(await comeIn(one, unionid))).toEqual(before);
    expect(await who(await comeIn(two, unionid))).toEqual(before);
    expect(await who(await comeIn(two))).toEqual(before);
    const three = newUser();
    const many = await Promise.all(Array.from({ length: 5 }, async () => who(await comeIn(three, unionid))));
    expect(many).toEqual(many.map(() => before));
    expect((await accountModel(world.deps.mongo).findById(before.accountId).lean())!.wechat).toHaveLength(3);
  });

  it('logs out, and comes in again with the next ticket; SMS in the same browser is another account', async () => {
    const openid = newUser();
    const shell = await comeIn(openid);
    const account = await who(shell);
    expect((await shell.delete('/api/citizen/session')).status).toBe(204);
    expect((await shell.get('/api/citizen/session')).status).toBe(401);
    const phone = newPhone();
    const { loginCodeId } = must(await shell.post('/api/citizen/login-codes', { phone }), 202).body;
    const code = (await world.sentCodes(phone)).at(-1)!;
    must(await shell.post('/api/citizen/session', { loginCodeId, phone, code }), 200);
    expect((await who(shell)).accountId).not.toBe(account.accountId);
    expect(await who(await comeIn(openid))).toEqual(account);
  });

  it('is in the database by blind index and sealed only, and in no log (42, 48)', async () => {
    const [openid, unionid] = [newUser(), `union-${newUser()}`];
    await comeIn(openid, unionid);
    const rows = JSON.stringify(await world.deps.mongo.collection('accounts').find().toArray());
    const logged = JSON.stringify(world.logged);
    for (const secret of [openid, unionid, NONCE])
      expect([secret, rows.includes(secret), logged.includes(secret)]).toEqual([secret, false, false]);
  });

  it('is looked up by index', async () => {
    const model = accountModel(world.deps.mongo);
    for (const query of [
      model.find({ 'wechat.openidIndex': 'x' }),
      model.find({ 'wechat.unionidIndex': 'x' }),
      model.find({ mergedInto: 'x' }),
    ])
      expect(JSON.stringify(await query.explain('queryPlanner'))).toMatch(/IXSCAN/);
  });
});

describe('both doors', () => {
  it('fail closed: Redis away is 503, no ticket and no session', async () => {
    const ticket = await ticketOf();
    const cut = world.deps.redis.duplicate({
      lazyConnect: true,
      enableOfflineQueue: false,
      retryStrategy: () => null,
      host: '127.0.0.1',
      port: 1,
    });
    cut.on('error', () => undefined);
    await cut.connect().catch(() => undefined);
    const host = await makeApp({ ...world.deps, redis: cut });
    const body = { path: PAGE, nonce: NONCE };
    const login = { ...body, code: fake.loginCode(newUser()) };
    for (const answer of [
      await host.browser().post('/api/citizen/wechat/login', login),
      await host.browser().post('/api/citizen/session/ticket', { ...body, ticket }),
    ]) {
      expect(answer.body).toMatchObject({ status: 503, code: 'unavailable' });
      expect([answer.body.ticket, answer.headers.get('set-cookie')]).toEqual([undefined, null]);
    }
    expect((await use(ticket)).status).toBe(200);
    await host.close();
    cut.disconnect();
  });

  it('have a burst limit by address: WeChat is not flooded through us', async () => {
    const host = await makeApp(world.deps, { rateFactor: 1 });
    // What the tests before have counted, with higher limits.
    for (const key of await world.deps.redis.keys('burst:*')) await world.deps.redis.del(key);
    const before = fake.calls.length;
    const browser = host.browser();
    const statuses: number[] = [];
    for (let at = 0; at < 140; at += 1) {
      const login = { code: `login-0-forged${at}`, path: PAGE, nonce: NONCE };
      statuses.push((await browser.post('/api/citizen/wechat/login', login)).status);
    }
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(fake.calls.length - before).toBeLessThanOrEqual(120);
    await host.close();
  });
});

it('every way in and every refusal is on record (45)', async () => {
  const of = (action: string, outcome: string) =>
    world.deps.mongo.collection('audit').countDocuments({ action, outcome });
  const before = [await of('login.succeeded', 'done'), await of('login.failed', 'refused')];
  const ticket = await ticketOf();
  await use(ticket);
  await use(ticket);
  await logIn('login-0-forged');
  expect([await of('login.succeeded', 'done'), await of('login.failed', 'refused')]).toEqual([
    before[0]! + 1,
    before[1]! + 2,
  ]);
});

it('without a mini-program configured there is no such log-in, and SMS goes on', async () => {
  const plain = await makeWorld();
  const { status, body } = await plain
    .anonymous()
    .post('/api/citizen/wechat/login', { code: 'login-1-x', path: PAGE, nonce: NONCE });
  expect([status, body.code]).toEqual([404, 'not_found']);
  expect((await who(await plain.citizen())).phone).toMatch(/^135/);
  await plain.close();
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareShell } from '../../scripts/lib/miniapp.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import type { Browser } from './browser.ts';
import { makeWorld, must, type World } from './factories.ts';
import { createFakeWechat, type FakeWechat } from './fakes/wechat.ts';

/** What the test uses of miniapp/shell/shell.ts. */
interface Shell {
  site: { refresh(): Promise<any> };
  privacy: { agree(version: string): void };
  login: { enter(page: string, again: boolean): Promise<{ ok: boolean; ticket?: string; nonce?: string }> };
  visit(path: string, again: boolean): Promise<{ do: string; src?: string; url?: string; text?: string }>;
}
type Callbacks = { success(result: unknown): void; fail(fault: { errMsg: string }): void };
type HttpRequest = Callbacks & { url: string; method: string; header: Record<string, string>; data?: unknown };

let world: World;
let fake: FakeWechat;
let folder: string;
let createShell: (wx: unknown, settings: object, clock: () => number) => Shell;
let clock: () => Date = () => new Date();

beforeAll(async () => {
  fake = await createFakeWechat({ clock: () => clock() });
  world = await makeWorld({ config: { wechat: fake.config } });
  clock = world.clock;
  folder = mkdtempSync(join(tmpdir(), 'dengji-shell-'));
  // What is uploaded to WeChat, not its sources.
  await prepareShell(join(root, 'miniapp'), { version: '1.0.0', env: 'development' }, folder);
  ({ createShell } = createRequire(import.meta.url)(join(folder, 'shell/shell.js')));
});
afterAll(async () => {
  await world.close();
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A phone of this WeChat user; `codes`: what wx.login gives first. */
function phone(openid: string, { version = '1.0.0', codes = [] as string[] } = {}): Shell {
  const storage = new Map<string, unknown>();
  const wx = {
    getAppBaseInfo: () => ({ language: 'zh_CN', fontSizeScaleFactor: 1.2 }),
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => storage.set(key, value),
    getPrivacySetting: ({ success }: Callbacks) => success({ needAuthorization: false }),
    getRandomValues: ({ success }: Callbacks) =>
      success({ randomValues: crypto.getRandomValues(new Uint8Array(16)).buffer }),
    login: ({ success }: Callbacks) => success({ code: codes.shift() ?? fake.loginCode(openid) }),
    request: ({ url, method, header, data, success, fail }: HttpRequest) =>
      void fetch(url, { method, headers: header, ...(data ? { body: JSON.stringify(data) } : {}) })
        .then(async (answer) => success({ statusCode: answer.status, data: await answer.json() }))
        .catch((error: Error) => fail({ errMsg: `request:fail ${error.message}` })),
  };
  const settings = { site: world.app.origin, version, environment: 'test' };
  return createShell(wx, settings, () => world.clock().getTime());
}

/** What the page does with its address: it spends the ticket. */
async function enter(
  src: string,
  browser = world.anonymous(),
): Promise<{ browser: Browser; status: number; code?: string }> {
  const { pathname, hash } = new URL(src);
  const values = new URLSearchParams(hash.slice(1));
  const answer = await browser.post('/api/citizen/session/ticket', {
    ...{ ticket: values.get('t') ?? '', nonce: values.get('n') ?? '', path: pathname },
  });
  return { browser, status: answer.status, code: answer.body?.code };
}
const who = async (browser: Browser) => (await browser.get('/api/citizen/session')).body?.accountId;

describe('the uploaded shell and this server', () => {
  it('log a citizen in, once a ticket, always as the same account', async () => {
    const shell = phone('openid-of-one');
    expect((await shell.visit('/register/', false)).url).toBe('/pages/privacy/privacy?path=%2Fregister%2F');
    const site = await shell.site.refresh();
    expect(site.modules.map(({ key, open }: { key: string; open: boolean }) => [key, open])).toContainEqual([
      'register',
      true,
    ]);
    shell.privacy.agree(site.privacy.version);
    const first = await shell.visit('/register/#/submissions', false);
    expect(first.src).toMatch(/\/register\/\?v=[\w.-]+#t=[\w-]{43}&n=[0-9a-f]{32}&s=2&fs=1\.2&to=%2Fsubmissions$/);
    const { browser, status } = await enter(first.src!);
    expect(status).toBe(200);
    expect(await enter(first.src!)).toMatchObject({ status: 401, code: 'ticket_invalid' });
    const again = await shell.visit('/register/', true);
    const second = await enter(again.src!);
    expect([second.status, await who(second.browser)]).toEqual([200, await who(browser)]);
  });

  it('a ticket for another nonce or another page is none', async () => {
    const shell = phone('openid-of-two');
    shell.privacy.agree((await shell.site.refresh()).privacy.version);
    const nonce = /n=[0-9a-f]{32}/;
    const { src } = await shell.visit('/register/', false);
    expect(await enter(src!.replace(nonce, `n=${'0'.repeat(32)}`))).toMatchObject({
      status: 401,
      code: 'ticket_invalid',
    });
    const other = await shell.visit('/register/', false);
    expect(await enter(other.src!.replace('/register/', '/booking/'))).toMatchObject({
      status: 401,
      code: 'ticket_invalid',
    });
  });

  it('a used code is made anew; for what is no page there is no ticket', async () => {
    const used = fake.loginCode('openid-of-three');
    const browser = world.anonymous();
    must(
      await browser.post('/api/citizen/wechat/login', { code: used, path: '/register/', nonce: 'a'.repeat(32) }),
      200,
    );
    const shell = phone('openid-of-three', { codes: [used] });
    expect(await shell.login.enter('/register/', false)).toMatchObject({ ok: true, ticket: expect.any(String) });
    const refused = [];
    for (const page of ['//evil.cn/', '/business/', '/register/../', '/register/?x', 'https://evil.cn/'])
      refused.push(await shell.login.enter(page, false));
    expect(refused.filter(({ ticket }) => ticket)).toEqual([]);
  });

  it('closed modules, maintenance and the lowest version hold as soon as an administrator says so', async () => {
    const shell = phone('openid-of-four');
    shell.privacy.agree((await shell.site.refresh()).privacy.version);
    expect(await shell.visit('/booking/', false)).toMatchObject({ do: 'trouble', text: '预约即将开放，请留意通知。' });
    const admin = await world.staff();
    const change = async (over: object) => {
      const before = must(await admin.get('/api/system/modules'), 200).body;
      must(await admin.put('/api/system/modules', { ...before, ...over }), 200);
      world.clock.advance(61_000);
    };
    await change({ maintenance: { title: { 'zh-CN': '升级' }, text: { 'zh-CN': '稍后再来' }, until: null } });
    expect(await shell.visit('/register/', false)).toMatchObject({
      do: 'leave',
      url: '/pages/maintenance/maintenance?path=%2Fregister%2F',
    });
    await change({ maintenance: null, minShell: '1.0.1' });
    expect((await shell.visit('/register/', false)).url).toContain('/maintenance');
    const newer = phone('openid-of-four', { version: '1.0.1' });
    newer.privacy.agree((await newer.site.refresh()).privacy.version);
    expect((await newer.visit('/register/', false)).do).toBe('show');
    await change({ minShell: '1.0.0' });
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePhone, type Phone } from '../../miniapp/test/fake-wx.ts';
import { fillPerson, fillRest, newDevice, next, startChromium } from './citizen.ts';
import { startSiteWithWechat, type WechatSite } from './server.ts';
import { shellOptions } from './shell.ts';

/** The shell of miniapp/ itself, on a simulated WeChat, with its web view in Chromium and the real server behind both. */
let site: WechatSite;
let chromium: Browser;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSiteWithWechat(), startChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

const tap = (key: string) => ({ currentTarget: { dataset: { key } } });

/** A phone with the mini-program; its web view is `page`. */
async function startPhone(openid: string) {
  const { context, page, faults } = await newDevice(chromium, site, undefined, shellOptions);
  let shown = Promise.resolve();
  /** As WeChat does it: another fragment alone loads nothing anew. */
  const show = async (src: string) => {
    const [base, fragment = ''] = src.split('#');
    if (src && page.url().split('#')[0] === base) await page.evaluate((to) => void (location.hash = to), fragment);
    else {
      await page.goto('about:blank');
      if (!src) return;
      await page.goto(src, { waitUntil: 'commit' });
      await phone.top().run('loaded', { detail: { src: page.url() } });
    }
  };
  const turn = (how: 'navigateTo' | 'redirectTo', url: string) =>
    void setTimeout(() => void phone.navigate(how, url), 0);
  await context.exposeFunction('shellTurns', turn);
  await context.addInitScript(() => {
    const host = window as unknown as Record<string, any>;
    const turns = (how: string) => (options: { url: string; success?: () => void }) => {
      host['shellTurns'](how, options.url);
      if (options.success) options.success();
    };
    host['__wxjs_environment'] = 'miniprogram';
    const miniProgram = {
      navigateTo: turns('navigateTo'),
      redirectTo: turns('redirectTo'),
      postMessage: () => undefined,
    };
    host['wx'] = { miniProgram };
  });
  const phone = await makePhone({
    site: site.baseUrl,
    clock: () => site.clock().getTime(),
    loginCode: () => site.wechat.loginCode(openid),
    web: (src) => void (shown = shown.then(() => show(src)).catch(() => undefined)),
    serve: async ({ url, method, header, data }) => {
      const answer = await fetch(url, { method, headers: header, ...(data ? { body: JSON.stringify(data) } : {}) });
      return { statusCode: answer.status, data: await answer.json() };
    },
  });
  await phone.launch();
  await expect.poll(() => phone.top().data['state']).toBe('ready');
  return { context, page, phone, faults };
}

/** Consent, the first time; then the page is in the web view. */
async function open(phone: Phone, page: Page, module: string): Promise<void> {
  await phone.top().run('open', tap(module));
  await expect.poll(() => phone.top().route).not.toBe('pages/home/home');
  if (phone.state.needConsent) {
    await expect.poll(() => phone.top().route).toBe('pages/privacy/privacy');
    phone.state.needConsent = false;
    await phone.top().run('agree');
  }
  await expect.poll(() => phone.top().data['src']).toContain('#t=');
  await page.waitForSelector('h1');
}

it('home, module, submit, receipt and back, twice; and again when the session has ended', async () => {
  const { context, page, phone, faults } = await startPhone('openid-whole-way');
  const numbers: string[] = [];
  for (const name of ['李小明', '王小红']) {
    await open(phone, page, 'register');
    await page.click('main a.primary');
    await fillPerson(page, name);
    if (name === '王小红') {
      await page.selectOption('#f-document-type', 'passport');
      await page.fill('#f-document', 'E10000077');
    }
    await next(page);
    await fillRest(page);
    await next(page);
    numbers.push((await page.textContent('.big-number'))!);
    await phone.back();
    expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home']);
  }
  expect(new Set(numbers).size).toBe(2);

  await open(phone, page, 'submissions');
  await expect.poll(() => page.textContent('.cards')).toContain(numbers[0]!);
  await context.clearCookies();
  await page.reload();
  // The page asks, the shell logs in again and takes its place; the same citizen's list is there.
  await expect.poll(() => phone.calls.filter((call) => call === 'login').length).toBe(4);
  await expect.poll(() => page.textContent('.cards').catch(() => '')).toContain(numbers[1]!);
  expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home', 'pages/web/web']);
  await phone.back();
  expect([phone.top().route, faults]).toEqual(['pages/home/home', []]);
  await context.close();
});

it('the number of the phone component goes from the shell to the page, and is bound', async () => {
  const { context, page, phone } = await startPhone('openid-number');
  await open(phone, page, 'submissions');
  await page.click('text=绑定手机号');
  await page.click('main button.primary');
  await expect.poll(() => phone.top().route).toBe('pages/phone/phone');
  await phone
    .top()
    .run('take', { detail: { code: site.wechat.phoneCode('13800138456'), errMsg: 'getPhoneNumber:ok' } });
  await expect.poll(() => page.textContent('.account').catch(() => '')).toContain('138****8456');
  expect(phone.pages.map(({ route }) => route)).toEqual(['pages/home/home', 'pages/web/web']);
  await context.close();
});

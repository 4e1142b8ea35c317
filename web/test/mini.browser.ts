import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillPerson, fillRest, newDevice, next, startChromium, type Device } from './citizen.ts';
import { startSiteWithWechat, type WechatSite } from './server.ts';
import { shellOptions, startShell, type Shell } from './shell.ts';

/** Citizens' pages inside the mini-program, from the shell's home page and back to it. */
let site: WechatSite;
let chromium: Browser;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSiteWithWechat(), startChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

async function phoneOf(openid: string): Promise<Shell & Pick<Device, 'faults'>> {
  const { context, page, faults } = await newDevice(chromium, site, undefined, shellOptions);
  return Object.assign(await startShell(context, page, site, site.wechat, openid), { faults });
}

/** From the module's first screen to the receipt; its number. */
async function submit(page: Page, name: string): Promise<string> {
  await page.click('main a.primary');
  await fillPerson(page, name);
  await next(page);
  await fillRest(page);
  await next(page);
  return (await page.textContent('.big-number'))!;
}

it('home, module, submit, receipt and back; then the list with the receipt, again by a ticket', async () => {
  const { page, context, open, leave, asked, faults } = await phoneOf('openid-000001');
  await open();
  await expect.poll(() => page.textContent('h1')).toBe('健康申报登记');
  expect(page.url()).toBe(`${site.baseUrl}/register/?v=shell`);
  const number = await submit(page, '李小明');
  await leave();

  await open('/submissions');
  await expect.poll(() => page.textContent('.cards')).toContain(number);
  expect(page.url()).toBe(`${site.baseUrl}/register/?v=shell#/submissions`);
  await leave();

  await open();
  await page.click('main a.primary');
  await page.waitForSelector('#f-name');
  expect(asked).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

it('a session that ends in the middle of a form: the shell logs in again, and nothing typed is lost', async () => {
  const { page, context, open, asked } = await phoneOf('openid-000002');
  await open('/forms/healthDeclaration/steps/person');
  await page.fill('#f-name', '王小红');
  await expect.poll(() => page.textContent('.saved')).toMatch(/^已保存/);
  await context.clearCookies();
  await page.evaluate(() => document.documentElement.setAttribute('data-old', ''));
  await page.fill('#f-name', '王小红二');
  await expect.poll(() => asked).toEqual(['login /register/#/forms/healthDeclaration/steps/person']);
  await page.waitForSelector('html:not([data-old]) #f-name');
  await expect.poll(() => page.inputValue('#f-name').catch(() => '')).toBe('王小红二');
  await fillPerson(page, '王小红二');
  await page.selectOption('#f-document-type', 'passport');
  await page.fill('#f-document', 'E10000002');
  await next(page);
  await fillRest(page);
  await next(page);
  await page.waitForSelector('.big-number');
  expect(asked.length).toBe(1);
  await context.close();
});

it('a used ticket: the page asks for another once, and goes on', async () => {
  const { page, context, open, asked } = await phoneOf('openid-000003');
  await open('/submissions');
  await page.waitForSelector('.account a');
  const used: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/session/ticket')) used.push(request.postData() ?? '');
  });
  await context.clearCookies();
  // As when the WebView is restored with the address by which it was opened.
  const entry = '#t=b2xkLXRpY2tldC13aGljaC13YXMtdXNlZA&n=abcdef0123456789abcdef0123456789&to=%2Fsubmissions';
  await page.goto('about:blank');
  await page.goto(`${site.baseUrl}/register/${entry}`);
  await expect.poll(() => asked).toEqual(['login /register/#/submissions']);
  await expect.poll(() => used.length).toBe(2);
  await expect.poll(() => page.textContent('h1').catch(() => '')).toBe('我的登记');
  await context.close();
});

it('in a plain browser no ticket is spent: a stranger’s link must not log anybody in to the stranger’s account', async () => {
  const { page, context } = await newDevice(chromium, site);
  const spent: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/session/ticket')) spent.push(request.url());
  });
  const nonce = 'abcdef0123456789abcdef0123456789';
  const answer = await context.request.post('/api/citizen/wechat/login', {
    headers: { 'X-Requested-With': 'dengji', Origin: site.baseUrl },
    data: { code: site.wechat.loginCode('openid-stranger'), path: '/register/', nonce },
  });
  const { ticket } = (await answer.json()) as { ticket: string };
  await page.goto(`/register/#t=${ticket}&n=${nonce}&to=%2Fsubmissions`);
  await page.waitForSelector('#login-phone');
  expect(page.url()).not.toContain(ticket);
  expect(spent).toEqual([]);
  await context.close();
});

it('after a log-out somebody else may log in: by phone, or as this WeChat user again', async () => {
  const { page, context, open, asked } = await phoneOf('openid-000004');
  await open('/submissions');
  await page.click('.account button');
  await expect.poll(() => page.url()).toMatch(/#\/$/);
  await page.click('main a.primary');
  await page.waitForSelector('#login-phone');
  expect(asked).toEqual([]);
  await page.click('text=用微信登录');
  await expect.poll(() => asked).toEqual(['login /register/#/forms/healthDeclaration/steps/person']);
  await page.waitForSelector('#f-name');
  await context.close();
});

it('a phone is bound by the phone component of WeChat, through the shell', async () => {
  const { page, context, open, asked, phones } = await phoneOf('openid-000005');
  await open('/submissions');
  await page.click('text=绑定手机号');
  phones(null);
  await page.click('main button.primary');
  await expect.poll(() => asked).toEqual(['phone']);
  await expect.poll(() => page.url()).toMatch(/#\/phone$/);
  phones(site.wechat.phoneCode('13800138123'));
  await page.click('main button.primary');
  await expect.poll(() => page.textContent('.account').catch(() => '')).toContain('138****8123');
  await context.close();
});

it('large text and the font scale come from the shell', async () => {
  const { page, context, open } = await phoneOf('openid-000006');
  await open('', { elder: true, fontScale: 1.3 });
  await page.waitForSelector('main a.primary');
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
  // 16 px × 1.125 (body) × 1.4 (elder) × 1.3, never more than asked.
  expect(await size()).toBeCloseTo(16 * 1.125 * 1.4 * 1.3, 0);
  await page.reload();
  await page.waitForSelector('main a.primary');
  expect(await size()).toBeCloseTo(16 * 1.125 * 1.4 * 1.3, 0);
  await context.close();
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSiteWithWechat, type WechatSite } from './server.ts';
import { startWebKit, type WebKit, type WebKitPage } from './webkit.ts';

/** The browser of iPhones, and of the mini-program's WebView on them, is WebKit. Every test has a private window of its own. */
let site: WechatSite;
let webkit: WebKit;

beforeAll(async () => {
  [site, webkit] = await Promise.all([startSiteWithWechat(), startWebKit()]);
});
afterAll(async () => {
  await webkit?.close();
  await site?.close();
});

const quoted = JSON.stringify;
/** Waits until an expression holds in the page; a page that is just loading has not got there yet. */
const until = (page: WebKitPage, expression: string) =>
  expect.poll(() => page.evaluate(`!!(${expression})`).catch(() => false), { message: expression }).toBe(true);
const there = (page: WebKitPage, selector: string) => until(page, `document.querySelector(${quoted(selector)})`);
const text = (page: WebKitPage, selector: string) =>
  page.evaluate<string>(`document.querySelector(${quoted(selector)}).textContent`);
const value = (page: WebKitPage, selector: string) =>
  page.evaluate<string>(`(document.querySelector(${quoted(selector)}) || {}).value || ''`).catch(() => '');
const saved = (page: WebKitPage) => until(page, `/^已保存/.test(document.querySelector('.saved').textContent)`);
const next = (page: WebKitPage) => page.click('main button.primary');
/** How wide the page is in px, and how far it can be scrolled sideways. */
const width = (page: WebKitPage) =>
  page.evaluate('[innerWidth, document.documentElement.scrollWidth - document.documentElement.clientWidth]');
async function logIn(page: WebKitPage, phone: string): Promise<void> {
  await page.open(`${site.baseUrl}/register/`);
  await page.click('main a.primary');
  await page.fill('#login-phone', phone);
  await next(page);
  await there(page, '#login-code');
  await page.fill('#login-code', (await site.sentCodes(phone)).slice(-1)[0]!);
  await there(page, '#f-name');
}

async function fillPerson(page: WebKitPage): Promise<void> {
  await page.fill('#f-name', '李小明');
  await page.fill('#f-document', '440305 19900307 1236');
  await page.click('#f-gender');
  await page.fill('#f-birthDate', '1990');
  await page.fill('#f-birthDate-month', '3');
  await page.fill('#f-birthDate-day', '7');
  await page.fill('#f-phone', '138 0013 8000');
  await page.choose('#f-region', '440000');
  await page.choose('#f-region-2', '440300');
  await page.choose('#f-region-3', '440305');
  await page.choose('#f-stay', '110000');
  await page.choose('#f-stay-3', '110105');
  await page.fill('#f-stay-detail', '建国路 88 号院 3 号楼 1602');
}

it('is WebKit, and tells what goes wrong in its pages', async () => {
  const page = await webkit.newPage();
  await page.open(`${site.baseUrl}/register/`);
  expect(await page.evaluate('navigator.userAgent')).toMatch(/AppleWebKit\/.* Safari\//);
  expect(await page.evaluate('navigator.vendor')).toBe('Apple Computer, Inc.');
  await page.evaluate(`setTimeout(function () { throw new Error('planted'); }, 0)`);
  await expect.poll(async () => (await page.faults()).join()).toContain('planted');
});

it('leads a citizen from the first screen to the receipt, and shows it again (320 px)', async () => {
  const page = await webkit.newPage();
  await page.resize(320, 640);
  const seen: unknown[] = [];
  const look = async (screen: string) => seen.push([screen, await width(page)]);
  await logIn(page, '13400000070');
  await look('first step');
  await next(page);
  await there(page, '.summary li a');
  await look('errors');
  await fillPerson(page);
  await saved(page);
  await page.reload();
  await expect.poll(() => value(page, '#f-stay-detail')).toBe('建国路 88 号院 3 号楼 1602');
  expect(
    await page.evaluate(
      `[].map.call(document.querySelectorAll('.date input'), function (each) { return each.value; })`,
    ),
  ).toEqual(['1990', '3', '7']);
  await next(page);
  await page.click('#f-travelled-no');
  await page.back();
  await expect.poll(() => value(page, '#f-name')).toBe('李小明');
  await page.forward();
  await until(page, `document.querySelector('#f-travelled-no').checked`);
  await look('contact');
  await page.click('#f-contact-no');
  await next(page);
  await page.click('#f-chronic-no');
  await next(page);
  await page.fill('#f-vaccineDoses', '0');
  await next(page);
  await page.fill('#f-emergencyName', '李大明');
  await page.fill('#f-emergencyPhone', '13900139000');
  await page.click('#f-truthful');
  await next(page);
  await there(page, 'dl.answers');
  await look('review');
  await next(page);
  await there(page, '.big-number');
  const number = await text(page, '.big-number');
  expect(number).toMatch(/\d{4}/);
  await look('receipt');
  await page.click('main button.primary');
  await until(page, `(document.querySelector('.picture img') || {}).naturalWidth`);
  await page.click('header a[href="#/submissions"]');
  await there(page, '.card');
  expect(await text(page, '.card')).toContain(number);
  await look('mine');
  await page.click('.card');
  await there(page, 'dl.answers');
  expect(await text(page, 'dl.answers')).toContain('440305 19900307 1236');
  await page.click('header nav button:last-child');
  await until(page, `document.documentElement.lang === 'en'`);
  await look('detail, English');
  await page.reload();
  await until(page, `/Health declaration/.test(document.querySelector('main').textContent)`);
  await page.click('a.back');
  await page.click('.account button');
  await there(page, 'main a.primary');
  expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(/李|440305/);
  expect(seen).toEqual(seen.map(([screen]: any) => [screen, [320, 0]]));
  expect(await page.faults()).toEqual([]);
});

it('comes back out of memory with what was typed, and to somebody else with nothing', async () => {
  const page = await webkit.newPage();
  await logIn(page, '13400000071');
  await page.fill('#f-name', '吴小天');
  await saved(page);
  const leave = () => page.open(`${site.baseUrl}/robots.txt`);
  await page.evaluate('window.kept = 1');
  await leave();
  await page.back();
  expect(await page.evaluate('window.kept')).toBe(1);
  expect(await value(page, '#f-name')).toBe('吴小天');
  await leave();
  await page.forgetCookies();
  await page.back();
  await there(page, '#login-phone');
  expect(await text(page, 'body')).not.toContain('吴小天');
  expect(await page.faults()).toEqual([]);
});

it('without a storage on the phone what is typed is on the server', async () => {
  const page = await webkit.newPage('enable-html5-local-storage=false');
  await logIn(page, '13400000072');
  await page.fill('#f-name', '周小云');
  await saved(page);
  await page.reload();
  await expect.poll(() => value(page, '#f-name')).toBe('周小云');
  await page.click('header nav button:last-child');
  await until(page, `document.documentElement.lang === 'en'`);
  expect(await page.faults()).toEqual([]);
});

it('comes in by the ticket of a shell, at a place, with large text; the address shows nothing of it', async () => {
  const page = await webkit.newPage(
    'user-agent=Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50 miniProgram/wx0',
  );
  const nonce = '0123456789abcdef0123456789abcdef';
  const answer = await fetch(`${site.baseUrl}/api/citizen/wechat/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'dengji', Origin: site.baseUrl },
    body: JSON.stringify({ code: site.wechat.loginCode('openid-webkit'), path: '/register/', nonce }),
  });
  const { ticket } = (await answer.json()) as { ticket: string };
  await page.open(`${site.baseUrl}/register/?v=old#t=${ticket}&n=${nonce}&s=2&elder=1&to=%2Fsubmissions`);
  await until(page, `/绑定手机号/.test(document.querySelector('.account').textContent)`);
  expect(await page.evaluate('location.href')).toBe(`${site.baseUrl}/register/?v=old#/submissions`);
  expect(await page.evaluate('document.documentElement.className')).toBe('elder');
});

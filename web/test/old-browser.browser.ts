import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOldChromium, type OldChromium } from '../../scripts/lib/old-chromium.mjs';
import { startSiteWithWechat, type WechatSite } from './server.ts';

let site: WechatSite;
let old: OldChromium;

/** The first time the browser has to be fetched. */
const FETCH_MS = 600_000;

beforeAll(async () => {
  site = await startSiteWithWechat();
  old = await startOldChromium();
}, FETCH_MS);
afterAll(async () => {
  await old?.close();
  await site?.close();
});

const quoted = JSON.stringify;
/** Waits until an expression holds in the page; a page that is just loading has not got there yet. */
const until = (expression: string) =>
  expect
    .poll(() => old.evaluate(`!!(${expression})`).catch(() => false), { message: expression, timeout: 30_000 })
    .toBe(true);
const there = (selector: string) => until(`document.querySelector(${quoted(selector)})`);
const text = (selector: string) => old.evaluate<string>(`document.querySelector(${quoted(selector)}).textContent`);
const one = (selector: string) => `var it = document.querySelector(${quoted(selector)});`;
const act = (script: string) => old.evaluate(`(function () { ${script} return true; })()`);

async function click(selector: string): Promise<void> {
  await there(selector);
  await act(`${one(selector)} it.click();`);
}
/** Types or chooses as the widget sees it: the value, then the events of a keyboard. */
async function fill(selector: string, value: string): Promise<void> {
  await there(selector);
  await act(`${one(selector)} it.focus(); it.value = ${quoted(value)};
    ['input', 'change'].forEach(function (name) { it.dispatchEvent(new Event(name, { bubbles: true })); }); it.blur();`);
}
async function choose(selector: string, value: string): Promise<void> {
  await there(`${selector} option[value="${value}"]`);
  await fill(selector, value);
}
const next = () => click('main button.primary');

it('is Chromium 69', async () => {
  expect(old.userAgent).toContain('Chrome/69.');
});

it('leads a citizen from the first screen to the receipt', async () => {
  const phone = '13400000069';
  await old.open(`${site.baseUrl}/register/`);
  await click('main a.primary');
  await fill('#login-phone', phone);
  await next();
  await there('#login-code');
  await fill('#login-code', (await site.sentCodes(phone)).slice(-1)[0]!);
  await there('#f-name');
  await next();
  await there('.summary li a');
  await fill('#f-name', '李小明');
  await fill('#f-document', '440305 19900307 1236');
  await click('#f-gender');
  await fill('#f-birthDate', '1990');
  await fill('#f-birthDate-month', '3');
  await fill('#f-birthDate-day', '7');
  await fill('#f-phone', '138 0013 8000');
  await choose('#f-region', '440000');
  await choose('#f-region-2', '440300');
  await choose('#f-region-3', '440305');
  await choose('#f-stay', '110000');
  await choose('#f-stay-3', '110105');
  await fill('#f-stay-detail', '建国路 88 号院 3 号楼 1602');
  await until(`/^已保存/.test(document.querySelector('.saved').textContent)`);
  await next();
  await click('#f-travelled-no');
  await click('#f-contact-no');
  await next();
  await click('#f-chronic-no');
  await next();
  await fill('#f-vaccineDoses', '0');
  await next();
  await fill('#f-emergencyName', '李大明');
  await fill('#f-emergencyPhone', '13900139000');
  await click('#f-truthful');
  await next();
  await there('dl.answers');
  expect(await text('dl.answers')).toContain('440305 19900307 1236');
  expect(await old.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  await next();
  await there('.big-number');
  expect(await text('.big-number')).toMatch(/\d{4}/);
  // It says so once a page: `style-src-attr` is younger than it is.
  expect(
    old.faults.filter(
      (fault) => !/^(?:Failed to load resource|Unrecognized Content-Security-Policy directive)/.test(fault),
    ),
  ).toEqual([]);
}, 240_000);

it('comes in by the ticket of a shell, at a place, with large text; the address shows nothing of it', async () => {
  await old.pretend(`${old.userAgent} MicroMessenger/6.7.3 miniProgram`);
  const nonce = '0123456789abcdef0123456789abcdef';
  const answer = await fetch(`${site.baseUrl}/api/citizen/wechat/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'dengji', Origin: site.baseUrl },
    body: JSON.stringify({ code: site.wechat.loginCode('openid-old'), path: '/register/', nonce }),
  });
  const { ticket } = (await answer.json()) as { ticket: string };
  await act('localStorage.clear();');
  await old.open('about:blank');
  await old.open(`${site.baseUrl}/register/?v=old#t=${ticket}&n=${nonce}&s=2&elder=1&to=%2Fsubmissions`);
  await until(
    `document.querySelector('.account a') && /绑定手机号/.test(document.querySelector('.account').textContent)`,
  );
  expect(await old.evaluate('location.href')).toBe(`${site.baseUrl}/register/?v=old#/submissions`);
  expect(await old.evaluate('document.documentElement.className')).toBe('elder');
}, 120_000);

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONTRACT } from '../../server/shared/contract.ts';
import { newDevice, next, startChromium } from './citizen.ts';
import { CONTRACT_FORM } from './contract-form.ts';
import { recordCalls, type Call } from './recorder.ts';
import { startSite, type Site } from './server.ts';
import { shellOptions } from './shell.ts';

/**
 * Writes down what the present pages send and read: `contract/pages-N.json` if it is missing, and else says what it lacks.
 * `contract.browser.ts` plays the files against the server, this release's and all later ones'.
 */
const file = fileURLToPath(new URL(`contract/pages-${CONTRACT.current}.json`, import.meta.url));
const PHONE = '13900009000';

let site: Site;
let chromium: Browser;
beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('signUp', CONTRACT_FORM);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/** From the first screen to the receipt, with a second tab that types too; back, withdrawn, begun again, thrown away, logged out. */
async function wholeWay(): Promise<Call[]> {
  const { page, context, faults } = await newDevice(chromium, site);
  const saved = (of = page) => expect.poll(() => of.textContent('.saved')).toMatch(/^已保存/);
  const { calls } = await recordCalls(context);
  await page.goto('/register/');
  await page.click('main a.primary');
  await page.fill('#login-phone', PHONE);
  await next(page);
  await page.waitForSelector('#login-code');
  const code = (await site.sentCodes(PHONE)).at(-1)!;
  await page.fill('#login-code', code);
  await page.waitForSelector('#f-name');

  const other = await context.newPage();
  await other.goto('/register/#/forms/signUp/steps/who');
  await other.fill('#f-name', '王小红');
  await saved(other);
  await other.close();
  await page.fill('#f-name', '李小明');
  await expect.poll(() => page.textContent('h1')).toBe('这份登记在另一台设备上也填过');
  await page.click('main button.primary');
  await page.fill('#f-document', 'E10000009');
  await page.selectOption('#f-region', '440000');
  await page.selectOption('#f-region-2', '440300');
  await saved();
  await next(page);
  await page.waitForSelector('dl.answers');
  await next(page);
  await page.waitForSelector('.big-number');

  await page.click('header a[href="#/submissions"]');
  await page.click('.card');
  await page.waitForSelector('dl.answers');
  await page.click('.link.bad');
  await page.click('button.danger');
  await page.click('main a.primary');
  await expect.poll(() => page.textContent('main a.primary')).toBe('开始填写');
  await page.click('main a.primary');
  await page.fill('#f-name', '赵小兰');
  await saved();
  await page.reload();
  await page.waitForSelector('#f-name');
  await page.goto('/register/#/');
  await page.click('text=清空草稿，重新填写');
  await page.click('button.danger');
  await expect.poll(() => page.textContent('main a.primary')).toBe('开始填写');
  await page.click('header a[href="#/submissions"]');
  await page.click('.account button');
  await page.waitForSelector('main a.primary');
  expect(faults).toEqual([]);
  await context.close();
  return calls({ phone: PHONE, code });
}

/** In the mini-program, with a ticket that was used. */
async function byTicket(): Promise<Call[]> {
  const { page, context } = await newDevice(chromium, site, undefined, shellOptions);
  await context.addInitScript(() => Object.assign(window, { wx: { miniProgram: { redirectTo: () => undefined } } }));
  const { calls } = await recordCalls(context);
  await page.goto('/register/#t=b2xkLXRpY2tldC13aGljaC13YXMtdXNlZA&n=abcdef0123456789abcdef0123456789');
  const spent = () => calls({}).filter(({ call, reads }) => call.endsWith('/ticket') && reads['code']);
  await expect.poll(() => spent().length).toBe(1);
  await context.close();
  return spent();
}

it('what pages of this contract send and read is written down', async () => {
  const calls = [...(await wholeWay()), ...(await byTicket())];
  if (!existsSync(file)) {
    writeFileSync(file, `${JSON.stringify({ contract: CONTRACT.current, calls }, null, 2)}\n`);
    expect.fail(`written: ${file}. Format it, look at it, and commit it.`);
  }
  const written = (JSON.parse(readFileSync(file, 'utf8')) as { calls: Call[] }).calls;
  const lacking: string[] = [];
  for (const { call, status, body, reads } of calls) {
    const found = written.find((each) => each.call === call && each.status === status);
    if (!found) lacking.push(`${call} ${status}: ${JSON.stringify({ body, reads })}`);
    else if (!same(found.body, body)) lacking.push(`${call} ${status} sends ${JSON.stringify(body)}`);
    for (const [path, type] of Object.entries(reads))
      if (found && found.reads[path] !== type) lacking.push(`${call} ${status} reads ${path}: ${type}`);
  }
  expect(lacking).toEqual([]);
});

const same = (a: unknown, b: unknown) => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, inner]) => [key, ordered(inner)])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillPerson, newDevice, next, startChromium } from './citizen.ts';
import { startSite, type Site } from './server.ts';

let site: Site;
let chromium: Browser;
const FIRST_STEP = '/register/#/forms/healthDeclaration/steps/person';

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('healthDeclaration');
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

const saved = (page: Page) => expect.poll(() => page.textContent('.saved'));
const stored = (page: Page) => page.evaluate(() => JSON.stringify(localStorage));

async function openFirstStep(phone: string) {
  const device = await newDevice(chromium, site, phone);
  await device.page.goto(FIRST_STEP);
  await device.page.waitForSelector('#f-name');
  return device;
}

it('goes on with a draft on another device, half-typed answers included', async () => {
  const one = await openFirstStep('13900000001');
  await one.page.fill('#f-name', '李小明');
  await one.page.fill('#f-birthDate', '1990');
  await saved(one.page).toMatch(/^已保存 \d\d:\d\d$/);
  const two = await newDevice(chromium, site, '13900000001');
  await two.page.goto('/register/');
  await expect.poll(() => two.page.textContent('main')).toContain('您有一份没有提交的草稿');
  await two.page.click('main a.primary');
  await two.page.waitForSelector('#f-name');
  expect(await two.page.inputValue('#f-name')).toBe('李小明');
  expect(await two.page.inputValue('#f-birthDate')).toBe('1990');
  expect(await stored(two.page)).not.toContain('李小明');
  await one.context.close();
  await two.context.close();
});

it('keeps answers on the phone while offline, says so, and takes them away again', async () => {
  const { page, context } = await openFirstStep('13900000002');
  await context.setOffline(true);
  await page.fill('#f-name', '王小红');
  await saved(page).toBe('离线，已存在手机上');
  expect(await stored(page)).toContain('王小红');
  await context.setOffline(false);
  await saved(page).toMatch(/^已保存/);
  expect(await stored(page)).not.toContain('王小红');
  await context.close();
});

it('offers both drafts when two devices changed the same one', async () => {
  const one = await openFirstStep('13900000003');
  const two = await openFirstStep('13900000003');
  await one.page.fill('#f-name', '第一台');
  await saved(one.page).toMatch(/^已保存/);
  await two.page.fill('#f-name', '第二台');
  await expect.poll(() => two.page.textContent('h1')).toBe('这份登记在另一台设备上也填过');
  expect(await two.page.textContent('main')).toContain('不同的内容：姓名');
  await two.page.click('main button.primary');
  await two.page.waitForSelector('#f-name');
  expect(await two.page.inputValue('#f-name')).toBe('第二台');
  await saved(two.page).toMatch(/^已保存/);

  await one.page.fill('#f-name', '又一次');
  await expect.poll(() => one.page.textContent('h1')).toBe('这份登记在另一台设备上也填过');
  await one.page.click('main button.secondary');
  await one.page.waitForSelector('#f-name');
  expect(await one.page.inputValue('#f-name')).toBe('第二台');
  await one.context.close();
  await two.context.close();
});

it('asks to log in again when the session is over, and loses nothing', async () => {
  const phone = '13900000004';
  const { page, context } = await openFirstStep(phone);
  await context.clearCookies();
  await page.fill('#f-name', '赵小兰');
  await page.waitForSelector('#login-phone');
  expect(await page.textContent('main')).toContain('登录已过期');
  site.clock.advance(61_000);
  await page.fill('#login-phone', phone);
  await next(page);
  await page.waitForSelector('#login-code');
  await page.fill('#login-code', (await site.sentCodes(phone)).slice(-1)[0]!);
  await page.waitForSelector('#f-name');
  expect(await page.inputValue('#f-name')).toBe('赵小兰');
  await saved(page).toMatch(/^已保存/);
  await page.goBack();
  expect(page.url()).not.toContain('/login');
  await context.close();
});

it('keeps a draft that the server is too busy for, and says when it is saved', async () => {
  const { page, context } = await openFirstStep('13900000005');
  let busy = 2;
  await page.route('**/draft', (route) =>
    route.request().method() === 'PUT' && busy-- > 0
      ? route.fulfill({
          status: 503,
          headers: { 'Retry-After': '1' },
          contentType: 'application/problem+json',
          body: '{"code":"unavailable"}',
        })
      : route.continue(),
  );
  await page.fill('#f-name', '孙小军');
  await saved(page).toBe('还没有保存，稍后会自动再试');
  await saved(page).toMatch(/^已保存/);
  await context.close();
});

it('throws a draft away only after asking', async () => {
  const { page, context } = await openFirstStep('13900000006');
  await fillPerson(page);
  await saved(page).toMatch(/^已保存/);
  await page.goto('/register/#/');
  await page.click('text=清空草稿，重新填写');
  expect(await page.textContent('main')).toContain('清空后不能恢复');
  await page.click('button.danger');
  await expect.poll(() => page.textContent('main a.primary')).toBe('开始填写');
  await page.click('main a.primary');
  await page.waitForSelector('#f-name');
  expect(await page.inputValue('#f-name')).toBe('');
  await context.close();
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillDay, fillPerson, newDevice, next, startChromium } from './citizen.ts';
import { startSite, type Site } from './server.ts';

/** How people type on phones: keyboards of Chinese, pasted numbers, keyboards that cover the field, browsers that keep nothing. */
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

async function atForm(phone: string, options = {}) {
  const device = await newDevice(chromium, site, phone, options);
  await device.page.goto(FIRST_STEP);
  await device.page.waitForSelector('#f-name');
  return device;
}
const saved = (page: Page) => expect.poll(() => page.textContent('.saved')).toMatch(/^已保存/);

it('Chinese is composed without the page taking part', async () => {
  const { page, context } = await atForm('13900000201');
  const keyboard = await context.newCDPSession(page);
  await page.focus('#f-name');
  for (const text of ['l', 'li', 'li x', 'li xiao'])
    await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  // It is saved meanwhile; the composition goes on all the same.
  await saved(page);
  expect(await page.inputValue('#f-name')).toBe('li xiao');
  await keyboard.send('Input.insertText', { text: '李小' });
  expect(await page.inputValue('#f-name')).toBe('李小');
  await page.keyboard.type('M');
  expect(await page.inputValue('#f-name')).toBe('李小M');
  await page.reload();
  await expect.poll(() => page.inputValue('#f-name').catch(() => '')).toBe('李小M');
  await context.close();
});

it('numbers may be pasted with spaces, dashes, full-width digits and a country code', async () => {
  const { page, context } = await atForm('13900000202');
  await fillPerson(page);
  for (const [pasted, shown] of [
    ['+86 138-0013-8001', '138 0013 8001'],
    ['１３８００１３８００２', '138 0013 8002'],
    ['0086 138 0013 8003', '138 0013 8003'],
  ] as const) {
    await page.fill('#f-phone', '');
    await page.focus('#f-phone');
    await page.keyboard.insertText(pasted);
    await page.focus('#f-name');
    expect(await page.inputValue('#f-phone')).toBe(shown);
  }
  await page.fill('#f-document', '  440305 1990 0307 1236 ');
  await page.focus('#f-name');
  expect(await page.inputValue('#f-document')).toBe('440305 19900307 1236');
  await next(page);
  await page.waitForSelector('#f-travelled');
  await context.close();
});

it('days are typed as three numbers: no picker of the system is needed', async () => {
  const { page, context } = await atForm('13900000203');
  expect(await page.locator('input[type=date], input[type=month]').count()).toBe(0);
  await fillDay(page, 'f-birthDate', '1990-3-7');
  await saved(page);
  await page.reload();
  await page.waitForSelector('#f-name');
  expect(
    await page.locator('.date input').evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value)),
  ).toEqual(['1990', '3', '7']);
  await context.close();
});

it('a keyboard that covers the field: the field comes into sight', async () => {
  const { page, context } = await atForm('13900000204', { viewport: { width: 375, height: 760 } });
  await page.focus('#f-stay-detail');
  await page.evaluate(() => {
    const { bottom } = document.activeElement!.getBoundingClientRect();
    scrollBy(0, bottom - innerHeight + 4);
  });
  await page.setViewportSize({ width: 375, height: 330 });
  await expect
    .poll(() =>
      page.evaluate(() => {
        const { top, bottom } = document.activeElement!.getBoundingClientRect();
        return document.activeElement!.id === 'f-stay-detail' && top >= 0 && bottom <= innerHeight;
      }),
    )
    .toBe(true);
  await context.close();
});

it('keeps clear of the notch and of the bar at the bottom', async () => {
  const { page, context } = await newDevice(chromium, site, undefined, { viewport: { width: 760, height: 375 } });
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setSafeAreaInsetsOverride', { insets: { left: 44, right: 44, bottom: 21 } });
  await page.goto('/register/');
  await page.waitForSelector('main a.primary');
  const edges = await page.evaluate(() => {
    const found = [...document.querySelectorAll('a, button, h1, p')].map((each) => each.getBoundingClientRect());
    const seen = found.filter(({ width, left }) => width > 0 && left >= 0);
    return [Math.min(...seen.map(({ left }) => left)), Math.max(...seen.map(({ right }) => right))];
  });
  expect(edges[0]).toBeGreaterThanOrEqual(44);
  expect(edges[1]).toBeLessThanOrEqual(760 - 44);
  expect(await page.evaluate(() => getComputedStyle(document.body).paddingBottom)).toBe('21px');
  await context.close();
});

it('without any storage the form is filled in all the same', async () => {
  const device = await newDevice(chromium, site, '13900000205');
  const { page, context, faults } = device;
  await context.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {
        get() {
          throw new Error('denied');
        },
      });
  });
  await page.goto(FIRST_STEP);
  await page.fill('#f-name', '周小云');
  await saved(page);
  await fillPerson(page, '周小云');
  await next(page);
  await page.waitForSelector('#f-travelled');
  expect(faults).toEqual([]);
  await context.close();
});

it('with cookies switched off it says so, and what to do', async () => {
  const { page, context } = await newDevice(chromium, site);
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false }));
  await page.goto('/register/');
  await page.click('main a.primary');
  await expect.poll(() => page.textContent('h1')).toBe('浏览器不让我们记住登录');
  expect(await page.textContent('main')).toContain('请在浏览器设置中允许网站保存数据');
  expect(await page.locator('#login-phone').count()).toBe(0);
  await context.close();
});

it('brought back out of memory, it looks whether the same citizen is still logged in', async () => {
  const { page, context } = await atForm('13900000206');
  await page.fill('#f-name', '吴小天');
  await saved(page);
  const back = () => page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  const answered = page.waitForResponse('**/api/citizen/session');
  await back();
  await answered;
  expect(await page.inputValue('#f-name')).toBe('吴小天');
  await context.clearCookies();
  await back();
  await page.waitForSelector('#login-phone');
  expect(await page.content()).not.toContain('吴小天');
  await context.close();
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newDevice, next, startChromium } from './citizen.ts';
import { startSite, type Site } from './server.ts';

/** Pages that find out in the middle of a form that they are too old, on the real server: what was typed survives. */
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

const outdated = {
  status: 409,
  contentType: 'application/problem+json',
  body: JSON.stringify({ code: 'client_outdated', params: { action: 'reload' } }),
};

/** Counts how often the page was loaded. */
function loadsOf(page: Page): string[] {
  const loads: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads.push(request.url());
  });
  return loads;
}

it('a contract that is gone: the page loads itself anew once, and goes on where it was', async () => {
  const { page, context } = await newDevice(chromium, site, '13900000101');
  await page.goto(FIRST_STEP);
  await page.waitForSelector('#f-name');
  const loads = loadsOf(page);
  let old = true;
  await context.route('**/api/citizen/**', (route) => {
    if (loads.length) old = false;
    return old ? route.fulfill(outdated) : route.continue();
  });
  await page.fill('#f-name', '李小明');
  await expect.poll(() => loads.length).toBe(1);
  expect(loads[0]).toMatch(/\/register\/\?v=[\w.%-]+&r=\d+$/);
  await expect.poll(() => page.inputValue('#f-name').catch(() => '')).toBe('李小明');
  expect(page.url()).toMatch(/#\/forms\/healthDeclaration\/steps\/person$/);
  await expect.poll(() => page.textContent('.saved')).toMatch(/^已保存/);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('李小明');
  await context.close();
});

it('a contract that stays gone: one reload, then a sentence, and still nothing is lost', async () => {
  const { page, context } = await newDevice(chromium, site, '13900000102');
  await page.goto(FIRST_STEP);
  await page.waitForSelector('#f-name');
  const loads = loadsOf(page);
  await context.route('**/api/citizen/**', (route) => route.fulfill(outdated));
  await page.fill('#f-name', '王小红');
  await expect.poll(() => page.textContent('h1').catch(() => '')).toBe('页面需要更新');
  expect(loads.length).toBe(1);
  await context.unroute('**/api/citizen/**');
  await page.click('main button.primary');
  await expect.poll(() => page.inputValue('#f-name').catch(() => '')).toBe('王小红');
  await context.close();
});

it('the file of a later screen is gone: the page loads itself anew once, and the step is as it was', async () => {
  const { page, context } = await newDevice(chromium, site, '13900000103');
  await page.goto(FIRST_STEP);
  await page.waitForSelector('#f-name');
  await page.fill('#f-name', '赵小兰');
  const loads = loadsOf(page);
  await context.route('**/assets/citizen/MineScreen-*.js', (route) =>
    loads.length ? route.continue() : route.fulfill({ status: 404, body: '' }),
  );
  await page.click('header a[href="#/submissions"]');
  await expect.poll(() => page.textContent('h1').catch(() => '')).toBe('我的登记');
  expect(loads.length).toBe(1);
  await page.goBack();
  await expect.poll(() => page.inputValue('#f-name').catch(() => '')).toBe('赵小兰');
  await context.close();
});

it('without any storage the page goes only when the server has what was typed', async () => {
  const { page, context } = await newDevice(chromium, site, '13900000104');
  await context.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {
        get() {
          throw new Error('denied');
        },
      });
  });
  await page.goto(FIRST_STEP);
  await page.waitForSelector('#f-name');
  const loads = loadsOf(page);
  await context.route('**/assets/citizen/MineScreen-*.js', (route) =>
    loads.length ? route.continue() : route.fulfill({ status: 404, body: '' }),
  );
  await page.fill('#f-name', '孙小军');
  await page.click('header a[href="#/submissions"]');
  await expect.poll(() => page.textContent('h1').catch(() => '')).toBe('我的登记');
  expect(loads.length).toBe(1);
  await page.goto(FIRST_STEP);
  await expect.poll(() => page.inputValue('#f-name').catch(() => '')).toBe('孙小军');
  await context.close();
});

it('every call says which build and contract it is of', async () => {
  const { page, context } = await newDevice(chromium, site, '13900000105');
  const said: (string | undefined)[][] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/api/'))
      said.push([request.headers()['x-build'], request.headers()['x-contract']]);
  });
  await page.goto(FIRST_STEP);
  await page.waitForSelector('#f-name');
  const { build } = (await (await fetch(`${site.baseUrl}/version.json`)).json()) as { build: string };
  expect(said.length).toBeGreaterThan(2);
  expect(said.filter(([b, c]) => b !== build || c !== '1')).toEqual([]);
  await next(page);
  await context.close();
});

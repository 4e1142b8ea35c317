import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormContent } from '../../server/shared/fields/types.ts';
import { axe, newDevice, next, startChromium } from './citizen.ts';
import { startSite, type Site } from './server.ts';

/**
 * Copies of drafts on a device that comes back with old ones, or beside another device. A browser that is killed as a whole forgets what its
 * `localStorage` was told last (`killed.browser.ts` does it); here the old text is put back.
 */
let site: Site;
let chromium: Browser;
const KEY = 'dengji.draft.signUp';
const START = '/register/#/forms/signUp';
const STEP = `${START}/steps/who`;

const form: FormContent = {
  title: { 'zh-CN': '活动报名' },
  steps: [
    {
      key: 'who',
      title: { 'zh-CN': '您是谁' },
      fields: [
        { key: 'name', kind: 'text', label: { 'zh-CN': '姓名' }, required: true, maps: 'person.name' },
        { key: 'why', kind: 'text', label: { 'zh-CN': '原因' } },
      ],
    },
  ],
};

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('signUp', form);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

const saved = (page: Page) => expect.poll(() => page.textContent('.saved')).toMatch(/^已保存/);
const title = (page: Page) => expect.poll(() => page.textContent('h1'));
const copy = (page: Page) => page.evaluate((key) => localStorage.getItem(key) ?? '', KEY);
const isSave = (route: Route) => route.request().method() === 'PUT';

async function opened(phone: string, prepare?: (page: Page) => Promise<unknown>) {
  const device = await newDevice(chromium, site, phone);
  await prepare?.(device.page);
  await device.page.goto(STEP);
  await device.page.fill('#f-name', '李');
  await saved(device.page);
  return device;
}

/** Types while nothing can be saved; answers the copy that the phone keeps meanwhile. */
async function typedInVain(page: Page, name: string): Promise<string> {
  await page.route('**/draft', (route) => (isSave(route) ? route.abort() : route.continue()));
  await page.fill('#f-name', name);
  await expect.poll(() => copy(page)).toContain(name);
  await expect.poll(() => page.textContent('.saved')).toBe('离线，已存在手机上');
  await page.unroute('**/draft');
  return copy(page);
}

async function putBack(page: Page, old: string): Promise<void> {
  await page.evaluate(([key, text]) => localStorage.setItem(key!, text!), [KEY, old]);
}

async function load(page: Page, place: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(place);
}

async function send(page: Page): Promise<void> {
  await next(page);
  await page.waitForSelector('dl.answers');
  await next(page);
  await page.waitForSelector('.big-number');
}

const withoutDatabase = (page: Page) =>
  page.addInitScript(() =>
    Object.defineProperty(window, 'indexedDB', {
      get() {
        throw new Error('denied');
      },
    }),
  );

it('an old copy does not stand up against what the device saved since', async () => {
  const { page, context } = await opened('13900000301');
  const old = await typedInVain(page, '李小');
  await page.fill('#f-name', '李小明');
  await saved(page);
  await putBack(page, old);
  await load(page, STEP);
  await page.waitForSelector('#f-name');
  expect(await page.inputValue('#f-name')).toBe('李小明');
  expect(await copy(page)).not.toContain('李小');
  await context.close();
});

it('nor does it come back when the form was sent since', async () => {
  const { page, context } = await opened('13900000302');
  const old = await typedInVain(page, '李小');
  await page.fill('#f-name', '李小明');
  await saved(page);
  await send(page);
  await putBack(page, old);
  await load(page, START);
  await expect.poll(() => page.textContent('main a.primary')).toBe('开始填写');
  await page.click('main a.primary');
  await page.waitForSelector('#f-name');
  expect(await page.inputValue('#f-name')).toBe('');
  await context.close();
});

it('where the browser has no database, the citizen is told that the form was sent', async () => {
  const { page, context, faults } = await opened('13900000303', withoutDatabase);
  const old = await typedInVain(page, '李小');
  await page.fill('#f-name', '李小明');
  await saved(page);
  await send(page);
  await putBack(page, old);
  await load(page, STEP);
  await title(page).toBe('这项登记已经提交过了');
  expect(await axe(page)).toEqual([]);
  await page.click('main a.primary');
  await expect.poll(() => page.textContent('main')).toContain('李小明');
  expect(page.url()).toContain('/submissions/');
  await load(page, START);
  await expect.poll(() => page.textContent('main a.primary')).toBe('开始填写');

  await putBack(page, old);
  await load(page, STEP);
  await title(page).toBe('这项登记已经提交过了');
  await page.click('main button.secondary');
  await page.waitForSelector('#f-name');
  expect(await page.inputValue('#f-name')).toBe('李小');
  await saved(page);
  expect(faults).toEqual([]);
  await context.close();
});

it('a form that another device sent meanwhile is not begun anew without a word', async () => {
  const one = await opened('13900000304');
  const two = await newDevice(chromium, site, '13900000304');
  await two.page.goto(STEP);
  await two.page.waitForSelector('#f-name');
  await send(two.page);
  await one.page.fill('#f-name', '李小明');
  await title(one.page).toBe('这项登记已经提交过了');
  await load(one.page, STEP);
  await title(one.page).toBe('这项登记已经提交过了');
  await one.context.close();
  await two.context.close();
});

it('a save whose answer got lost is no other device’s, though more was typed', async () => {
  const { page, context } = await opened('13900000305');
  let typed = () => undefined as void;
  const typing = new Promise<void>((resolve) => (typed = resolve));
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'PUT') statuses.push(response.status());
  });
  await page.route(
    '**/draft',
    async (route) => {
      await route.fetch();
      await page.fill('#f-why', '想参加');
      typed();
      await route.abort();
    },
    { times: 1 },
  );
  await page.fill('#f-name', '李小明');
  await typing;
  await expect.poll(() => statuses).toEqual([409, 200]);
  await saved(page);
  await load(page, STEP);
  await page.waitForSelector('#f-name');
  expect([await page.inputValue('#f-name'), await page.inputValue('#f-why')]).toEqual(['李小明', '想参加']);
  await context.close();
});

it('nothing is left on the phone after a log-out, whatever was opened before', async () => {
  const { page, context } = await opened('13900000306');
  await typedInVain(page, '李小明');
  const databases = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  expect(await databases()).toEqual(['dengji']);
  // No code of forms is needed for this screen.
  await load(page, '/register/#/submissions');
  expect(await copy(page)).toContain('李小明');
  await page.click('text=退出登录');
  await expect.poll(() => page.textContent('main')).not.toContain('退出登录');
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toMatch(/李|draft/);
  await expect.poll(databases).toEqual([]);
  await context.close();
});

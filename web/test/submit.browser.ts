import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { healthDeclaration } from '../../server/shared/demo/healthDeclaration.ts';
import type { FormContent } from '../../server/shared/fields/types.ts';
import { logInDevice, newDevice, next, startChromium, type Device } from './citizen.ts';
import { startSite, type Site } from './server.ts';

let site: Site;
let chromium: Browser;

/** A form of two steps is enough to be sent. */
const short: FormContent = {
  title: { 'zh-CN': '活动报名' },
  steps: [
    {
      key: 'who',
      title: { 'zh-CN': '您是谁' },
      fields: [
        { key: 'name', kind: 'text', label: { 'zh-CN': '姓名' }, required: true, maps: 'person.name' },
        {
          key: 'document',
          kind: 'document',
          label: { 'zh-CN': '证件' },
          documentTypes: ['passport'],
          required: true,
          maps: 'person.document',
        },
      ],
    },
    {
      key: 'more',
      title: { 'zh-CN': '其他' },
      fields: [
        {
          key: 'district',
          kind: 'select',
          label: { 'zh-CN': '片区' },
          options: Array.from({ length: 40 }, (_, index) => ({
            code: `d${index}`,
            label: { 'zh-CN': `第 ${index} 片区` },
          })),
        },
      ],
    },
  ],
  dedupe: ['document'],
};

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('signUp', short);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

const passport = (phone: string) => `E${phone.slice(-8)}`;

async function fillShort({ page }: Device, number: string) {
  await page.goto('/register/#/forms/signUp/steps/who');
  await page.fill('#f-name', '李小明');
  await page.fill('#f-document', number);
  await next(page);
  await page.click('#f-district');
  await page.fill('#sheet-search', '17');
  await page.click('.sheet-list button');
  await next(page);
  await expect.poll(() => page.textContent('dl.answers >> nth=1')).toContain('第 17 片区');
}

async function filled(phone: string, number = passport(phone)) {
  const device = await newDevice(chromium, site, phone);
  await fillShort(device, number);
  return device;
}

const isSubmit = (route: Route) => route.request().method() === 'POST';

it('sends once, although two answers get lost and the server is busy once', async () => {
  const { page, context } = await filled('13700000001');
  const keys: string[] = [];
  await page.route('**/signUp/submissions', async (route) => {
    keys.push((await route.request().headerValue('idempotency-key')) ?? '');
    if (!isSubmit(route) || keys.length > 3) return route.continue();
    if (keys.length === 3) return route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, body: '' });
    if (keys.length === 1) await route.fetch(); // arrived, and the answer is lost
    return route.abort();
  });
  await next(page);
  await page.waitForSelector('.big-number', { timeout: 30_000 });
  expect(keys.length).toBe(4);
  expect(new Set(keys).size).toBe(1);
  await page.click('header a[href="#/submissions"]');
  await page.waitForSelector('.card');
  expect(await page.locator('.card').count()).toBe(1);
  await context.close();
});

it('says that somebody has registered already, and where to see it', async () => {
  const first = await filled('13700000002');
  await next(first.page);
  await first.page.waitForSelector('.big-number');
  const again = await filled('13700000002');
  await next(again.page);
  await expect.poll(() => again.page.textContent('.summary h2')).toBe('这项登记已经提交过了');
  // The same answers would be refused again: nothing invites to try.
  expect(await again.page.locator('main button.primary').count()).toBe(0);
  await again.page.click('.summary a');
  await again.page.waitForSelector('.card');
  // Another account finds nothing among its own, and is told why.
  const other = await filled('13700000012', passport('13700000002'));
  await next(other.page);
  await expect.poll(() => other.page.textContent('.summary')).toContain('可能是别人代为提交，或用了另一个账号');
  await other.page.click('.summary a');
  await expect.poll(() => other.page.textContent('h1')).toBe('我的登记');
  expect(await other.page.locator('.card').count()).toBe(0);
  for (const { context } of [first, again, other]) await context.close();
});

it('offers a next step at every dead end', async () => {
  const { page, context } = await newDevice(chromium, site, '13700000004');
  const cases: [string, string][] = [
    ['/register/#/nowhere', '没有找到这个页面'],
    ['/register/#/forms/unknown', '这项登记没有开放'],
    ['/register/#/forms/unknown/steps/a', '没有找到这个页面'],
    ['/register/#/submissions/64b000000000000000000000', '没有找到这个页面'],
  ];
  for (const [place, title] of cases) {
    await page.goto(place);
    await expect.poll(() => page.textContent('h1'), { message: place }).toBe(title);
    expect(await page.locator('main a').count(), place).toBeGreaterThan(0);
  }
  await page.route(
    '**/api/citizen/forms',
    (route) => route.fulfill({ status: 503, headers: { 'Retry-After': '4' }, body: '' }),
    { times: 3 },
  );
  await page.goto('/register/#/');
  await expect.poll(() => page.textContent('main')).toContain('自动重试');
  await expect.poll(() => page.textContent('h1')).toBe('活动报名');

  await site.chief.put('/api/business/forms/signUp/status', { status: 'closed' });
  await page.goto('/register/#/forms/signUp');
  await expect.poll(() => page.textContent('h1')).toBe('这项登记没有开放');
  await page.goto('/register/#/');
  await expect.poll(() => page.textContent('h1')).toBe('现在没有开放的登记');
  await site.chief.put('/api/business/forms/signUp/status', { status: 'open' });
  await context.close();
});

it('lets several forms be chosen from', async () => {
  await site.publishForm('healthDeclaration', healthDeclaration);
  const { page, context } = await newDevice(chromium, site);
  await page.goto('/register/');
  await page.click('text=健康申报登记');
  await expect.poll(() => page.textContent('h1')).toBe('健康申报登记');
  await page.click('main a.primary');
  await page.waitForSelector('#login-phone');
  await page.goBack();
  await expect.poll(() => page.textContent('h1')).toBe('健康申报登记');
  await context.close();
});

it('tells how long to wait when a phone asked for too many codes', async () => {
  const { page, context } = await newDevice(chromium, site);
  await page.goto('/register/#/login');
  await page.fill('#login-phone', '13700000009');
  await next(page);
  await page.waitForSelector('#login-code');
  expect(await page.textContent('.links')).toMatch(/\d+ 秒后可以重新发送/);
  await page.click('text=换一个手机号');
  await page.waitForSelector('#login-phone');
  await next(page);
  await expect.poll(() => page.textContent('.field .error')).toMatch(/请在 \d+ 秒后再试/);
  await context.close();
});

// The last one: it turns the clock by a day, which ends every session.
it('tells that the form has changed, keeps the answers, and sends them on the new version', async () => {
  const { page, context } = await filled('13700000003');
  const changed: FormContent = {
    ...short,
    steps: [
      ...short.steps,
      {
        key: 'last',
        title: { 'zh-CN': '新问题' },
        fields: [{ key: 'why', kind: 'text', label: { 'zh-CN': '原因' }, required: true }],
      },
    ],
  };
  await site.republishForm('signUp', changed);
  // A version that was current a day ago may still be sent.
  site.clock.advance(25 * 3_600_000);
  await logInDevice(context, site, '13700000003');
  await next(page);
  await expect.poll(() => page.textContent('main')).toContain('这份登记表刚刚更新过');
  expect(await page.inputValue('#f-name')).toBe('李小明');
  await next(page);
  await next(page);
  await page.fill('#f-why', '想参加');
  await next(page);
  await page.waitForSelector('dl.answers');
  await next(page);
  await page.waitForSelector('.big-number');
  await context.close();
});

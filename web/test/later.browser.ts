import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newDevice, startChromium } from './citizen.ts';
import { prepared, startSite, type Site } from './server.ts';
import { newDesk, press } from './staff.ts';

/** A server that says "later" for a moment: pages ask again by themselves, where that cannot be done twice. */
let site: Site;
let chromium: Browser;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('healthDeclaration');
  const document = { type: 'passport', number: 'E10000001' };
  prepared(
    await site.chief.post('/api/business/people', { name: '林晓雯', gender: 'female', region: '440305', document }),
  );
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/** The API's calls of a method get `refusals` 503s each, and then their answer; tells their keys in order. */
async function busy(context: BrowserContext, method: string, refusals: number): Promise<Map<string, string[]>> {
  const asked = new Map<string, string[]>();
  await context.route('**/api/**', (route) => {
    const request = route.request();
    if (request.method() !== method) return route.fallback();
    const { pathname } = new URL(request.url());
    const keys = [...(asked.get(pathname) ?? []), request.headers()['idempotency-key'] ?? ''];
    asked.set(pathname, keys);
    if (keys.length > refusals) return route.fallback();
    return route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { code: 'unavailable' } });
  });
  return asked;
}

it('a citizen’s page: what is read comes a little later, and nobody is told of a fault', async () => {
  const { page, context, faults } = await newDevice(chromium, site, '13900000601');
  const asked = await busy(context, 'GET', 2);
  const told: string[] = [];
  await page.exposeFunction('told', (text: string) => void told.push(text));
  await page.addInitScript(() => {
    const host = window as unknown as { told: (text: string) => void };
    const look = () => document.querySelector('main h1') && host.told(document.querySelector('main h1')!.textContent);
    new MutationObserver(look).observe(document, { subtree: true, childList: true });
  });
  await page.goto('/register/#/forms/healthDeclaration/steps/person');
  await page.selectOption('#f-region', '440000');
  await page.selectOption('#f-region-2', '440300');
  expect(asked.get('/api/citizen/forms/healthDeclaration')?.length).toBe(3);
  expect([...new Set(told)].filter((heading) => heading !== '个人信息')).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

it('a backend: what is read, and what is written under its key', async () => {
  const { page, context, faults } = await newDesk(chromium, site, 'chief');
  const read = await busy(context, 'GET', 2);
  await page.goto('/business/people');
  await page.getByRole('button', { name: '林晓雯' }).click();
  expect(read.get('/api/business/people')?.length).toBe(3);
  const deleted = await busy(context, 'DELETE', 2);
  await page.locator('.side-panel').getByRole('button', { name: '删除' }).click();
  await page.getByLabel('原因').fill('重复登记');
  await page.getByLabel('请输入“林晓雯”以确认').fill('林晓雯');
  await press(page, '删除');
  await page.getByText('已移到回收站', { exact: true }).first().waitFor();
  const [keys] = [...deleted.values()];
  expect(keys?.length).toBe(3);
  expect(new Set(keys).size).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

it('a server that goes on saying "later" is told of, with a button', async () => {
  const { page, context } = await newDesk(chromium, site, 'chief');
  const asked = await busy(context, 'GET', 5);
  await page.goto('/business/people');
  await page.getByRole('button', { name: '重试' }).first().waitFor();
  expect(asked.get('/api/staff/session')?.length).toBe(3);
  await context.close();
});

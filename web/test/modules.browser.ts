import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axe, overflow, startChromium } from './citizen.ts';
import { startSite, type Site } from './server.ts';
import { choose, newDesk, press } from './staff.ts';

let site: Site;
let chromium: Browser;
beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

it('the mini-program’s home page is changed without a release, and nobody overwrites anybody', async () => {
  const citizen = site.app.browser();
  const seen = async () => (await citizen.get('/api/public/modules')).body;
  const { page, context, refused, faults } = await newDesk(chromium, site, 'chief');
  await page.goto('/system/modules');
  const modules = page.locator('main ol li');
  await expect.poll(() => modules.count()).toBe(4);
  const save = page.getByRole('button', { name: '保存', exact: true });
  expect(await save.isDisabled()).toBe(true);

  await page.getByText('正在维护').click();
  await page.getByLabel('公告内容（中文）').fill('今晚升级，稍后恢复。');
  await page.getByLabel('预计恢复时间').fill('2026-11-22T10:30');
  await page.getByRole('button', { name: '上移“我的登记”' }).click();
  await page.getByRole('button', { name: '添加入口' }).click();
  const dialog = page.locator('.app-dialog');
  await dialog.getByLabel('键名').fill('family');
  await dialog.getByLabel('名称（中文）').fill('家庭登记');
  await dialog.getByLabel('说明（中文）').fill('为家人登记');
  await dialog.getByLabel('页面路径').fill('https://evil.example/');
  expect(await dialog.getByRole('button', { name: '完成' }).isDisabled()).toBe(true);
  await dialog.getByLabel('页面路径').fill('/register/#/forms/family');
  await choose(page, '图标', '健康');
  await press(page, '完成');
  await save.click();
  await page.getByText('首页已更新').waitFor();
  const changed = await seen();
  expect(changed.maintenance).toEqual({
    title: { 'zh-CN': '系统维护中' },
    text: { 'zh-CN': '今晚升级，稍后恢复。' },
    until: '2026-11-22T02:30:00.000Z',
  });
  expect(changed.items.map(({ key }: { key: string }) => key)).toEqual([
    ...['submissions', 'register', 'booking', 'pass', 'family'],
  ]);
  expect(changed.items[4]).toMatchObject({ icon: 'health', open: false, path: '/register/#/forms/family' });
  expect([refused, faults]).toEqual([[], []]);

  // Meanwhile another administrator ends the maintenance.
  const now = (await site.chief.get('/api/system/modules')).body;
  expect((await site.chief.put('/api/system/modules', { ...now, maintenance: null })).status).toBe(200);
  await page.getByLabel('最低小程序版本').fill('1.4.0');
  await save.click();
  await page.getByRole('alert').getByText('已被他人修改').waitFor();
  expect(await seen()).toMatchObject({ maintenance: null, minShell: '1.0.0' });
  await context.close();
});

it('is used on a phone, in the dark and in English, by everybody', async () => {
  const { page, context, faults } = await newDesk(chromium, site, 'chief', {
    viewport: { width: 375, height: 800 },
    colorScheme: 'dark',
    locale: 'en',
    reducedMotion: 'reduce',
  });
  await page.goto('/system/modules');
  await page.getByText('Under maintenance').click();
  await page.getByLabel('Expected end').waitFor();
  const found = await axe(page);
  expect(await overflow(page)).toBe(0);
  await page.getByRole('button', { name: 'Edit “Pass”' }).click();
  await page.locator('.app-dialog').getByLabel('What to say while it is not open (English)').waitFor();
  found.push(...(await axe(page)));
  expect([found, await overflow(page), faults]).toEqual([[], 0, []]);
  await context.close();
});

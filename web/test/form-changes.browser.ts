import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormContent } from '../../server/shared/fields/types.ts';
import { axe, startChromium } from './citizen.ts';
import { detail, FORMS, keysOf, makeForm, saved, starter, working } from './designer.ts';
import { prepared, startSite, type Site } from './server.ts';
import { newDesk, press } from './staff.ts';

let site: Site;
let chromium: Browser;
beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

it('lets two people work on one form: nobody overwrites anybody, and both works are put together', async () => {
  await makeForm(site, 'shared', {
    ...starter,
    steps: [{ ...starter.steps[0]!, fields: [{ key: 'a', kind: 'text', label: { 'zh-CN': '甲' } }] }],
  });
  await site.staff({ name: 'lina', can: 'superAdmin' });
  const one = await newDesk(chromium, site, 'chief', { reducedMotion: 'reduce' });
  const other = await newDesk(chromium, site, 'lina', { reducedMotion: 'reduce' });
  for (const { page } of [one, other]) await page.goto('/business/forms/shared');
  await other.page.locator('.palette [data-item=date]').click();
  await saved(other.page);
  await one.page.locator('.palette [data-item=integer]').click();
  await one.page.getByRole('button', { name: '保存', exact: true }).click();
  await one.page.locator('.app-dialog').getByText('lina').waitFor();
  expect(await axe(one.page)).toEqual([]);
  await press(one.page, '合并两人的修改');
  await saved(one.page);
  expect(keysOf(await working(site, 'shared'))[0]!.sort()).toEqual(['a', 'date', 'integer']);
  await one.context.close();
  await other.context.close();
});

it('comes out of a template, and goes through Excel and JSON unchanged', async () => {
  const { page, context, faults } = await newDesk(chromium, site, 'chief', { reducedMotion: 'reduce' });
  await makeForm(site, 'fromTemplate');
  await page.goto('/business/forms/fromTemplate');
  const menu = page.getByRole('button', { name: '导入 / 导出' });
  await menu.click();
  await page.getByRole('button', { name: '换成模板' }).click();
  expect(await axe(page)).toEqual([]);
  await page.locator('[data-template=household]').click();
  await saved(page);
  expect((await working(site, 'fromTemplate')).title['zh-CN']).toBe('家庭情况申报');
  await menu.click();
  const [xlsx] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载 Excel' }).click(),
  ]);
  const [json] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载 JSON' }).click(),
  ]);
  const [book, file] = [await xlsx.path(), await json.path()];
  for (const [label, path] of [
    ['从 Excel 导入', book],
    ['从 JSON 文件导入', file],
  ] as const) {
    if (label !== '从 Excel 导入') await menu.click();
    await page.locator(`.app-dialog input[aria-label="${label}"]`).setInputFiles(path);
    await page.locator('.app-dialog').waitFor({ state: 'hidden' });
    // What came in is what is there: nothing to save.
    await page.getByText('已导入，尚未保存').first().waitFor();
    expect(await page.getByRole('button', { name: '保存', exact: true }).isEnabled()).toBe(false);
  }
  expect(faults).toEqual([]);
  await context.close();
});

it('says before publishing what changes and whom it touches, and lets another person look first', async () => {
  const option = (code: string) => ({ code, label: { 'zh-CN': code.toUpperCase() } });
  const content = (codes: string[]): FormContent => ({
    ...starter,
    steps: [
      {
        ...starter.steps[0]!,
        fields: [
          { key: 'name', kind: 'text', label: { 'zh-CN': '姓名' }, required: true, maps: 'person.name' },
          { key: 'way', kind: 'radio', label: { 'zh-CN': '方式' }, options: codes.map(option) },
        ],
      },
    ],
  });
  await site.publishForm('counted', content(['a', 'b']));
  for (const way of ['a', 'b', 'b'])
    prepared(
      await site.chief.post('/api/business/submissions', {
        form: 'counted',
        version: 1,
        answers: { name: '林晓雯', way },
      }),
    );
  prepared(await site.chief.put(`${FORMS}/counted/working-version`, { content: content(['a', 'c']), rev: 1 }));
  const { page, context, faults } = await newDesk(chromium, site, 'chief', { reducedMotion: 'reduce' });
  await page.goto('/business/forms/counted');
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.locator('.app-dialog [data-class=lossy]').first().waitFor();
  await page.getByText('正在统计').waitFor();
  const migrations = async () =>
    prepared(await site.chief.get(`${FORMS}/counted/migrations`)).body.items.length as number;
  await expect.poll(migrations).toBe(1);
  await site.app.features.formMigrations.worker.drain();
  await page.getByText('现有登记 3 条，其中 2 条').waitFor();
  const found = await axe(page);
  await press(page, '发布');
  await page.getByText('已发布第 2 版').waitFor();

  await page.getByRole('link', { name: '版本记录' }).click();
  await page.getByText('发布前须由另一个人审核').click();
  await page.getByRole('button', { name: '对比' }).first().click();
  await page.locator('.app-dialog [data-class=lossy]').first().waitFor();
  found.push(...(await axe(page)));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '提交审核' }).click();
  await press(page, '提交审核');
  await page.getByText('已提交，等待审核').waitFor();
  await page.getByText('等待审核', { exact: true }).first().waitFor();
  found.push(...(await axe(page)));
  await site.staff({ name: 'wangfang', can: 'superAdmin' });
  const other = await newDesk(chromium, site, 'wangfang', { reducedMotion: 'reduce' });
  await other.page.goto('/business/forms/counted/versions');
  await other.page.getByRole('button', { name: '通过', exact: true }).click();
  await other.page.getByText('已通过', { exact: true }).first().waitFor();
  expect((await detail(site, 'counted')).currentVersion).toBe(3);
  expect([found, faults, other.faults]).toEqual([[], [], []]);
  await context.close();
  await other.context.close();
});

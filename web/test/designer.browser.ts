import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axe, overflow, startChromium } from './citizen.ts';
import { detail, keysOf, makeForm, saved, starter, working } from './designer.ts';
import { startSite, type Site } from './server.ts';
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

/** What is asked in the form that is built twice: all kinds that most forms need, twenty fields. */
const KINDS = [
  ...['ready.name', 'ready.document', 'ready.phone', 'ready.gender', 'ready.birthDate', 'ready.address'],
  ...['text', 'textarea', 'integer', 'decimal', 'date', 'radio', 'checkbox', 'select', 'region'],
  ...['email', 'url', 'time', 'rating', 'consent'],
];

it('is built by touch only at 375 px: twenty fields, logic, translation, preview, publishing', async () => {
  await makeForm(site, 'byTouch');
  const { page, context, faults } = await newDesk(chromium, site, 'chief', {
    viewport: { width: 375, height: 760 },
    hasTouch: true,
    isMobile: true,
    reducedMotion: 'reduce',
  });
  await page.goto('/business/forms/byTouch');
  const done = page.locator('.app-dialog').getByRole('button', { name: '完成', exact: true });
  const add = page.getByRole('button', { name: '在“第一步”里添加字段' });
  for (const kind of KINDS) {
    await add.tap();
    await page.locator(`.app-dialog [data-item="${kind}"]`).tap();
    await done.tap();
  }
  const rows = page.locator('[data-field-row]');
  await expect.poll(() => rows.count()).toBe(20);
  expect(await overflow(page)).toBe(0);

  // A rule in words: the text is asked only of those who chose the first option.
  await page.locator('[data-place="steps.0.fields.6"] .pick').tap();
  const panel = page.locator('[data-panel]');
  await panel.locator('[data-property=label] [data-language="zh-CN"]').fill('补充说明');
  await panel.locator('[data-property=visibleWhen]').getByRole('button', { name: '添加条件' }).tap();
  const rule = panel.locator('[data-property=visibleWhen]');
  await rule.getByLabel('字段').selectOption('radio');
  await rule.getByLabel('值', { exact: true }).selectOption('option2');
  await rule.getByText('“单选”是“选项 2”').waitFor();
  const found = await axe(page);
  await done.tap();
  await page.getByText('有显示条件: “单选”是“选项 2”').waitFor();

  // Moved by the buttons, deleted and taken back.
  await page.getByRole('button', { name: '上移“补充说明”' }).tap();
  await page.getByRole('button', { name: '删除“补充说明”' }).tap();
  await expect.poll(() => rows.count()).toBe(19);
  await page.locator('.deleted').getByRole('button', { name: '撤销' }).tap();
  await expect.poll(() => rows.count()).toBe(20);
  found.push(...(await axe(page)));
  await saved(page);
  const [keys] = keysOf(await working(site, 'byTouch'));
  expect(keys!.slice(4, 7)).toEqual(['birthDate', 'text', 'address']);

  await page.getByRole('link', { name: '翻译' }).tap();
  await page.getByText('处文字都有中文和英文').waitFor();
  found.push(...(await axe(page)));
  expect(await overflow(page)).toBe(0);
  await page.getByRole('link', { name: '预览' }).tap();
  const phone = page.frameLocator('iframe.phone');
  await phone.getByRole('button', { name: '开始填写' }).tap();
  await phone.getByLabel('姓名').fill('林晓雯');
  await phone.getByRole('button', { name: '下一步' }).tap();
  await phone.getByText('这一项不能为空').first().waitFor();
  found.push(...(await axe(page)));
  expect(await overflow(page)).toBe(0);

  await page.getByRole('button', { name: '发布', exact: true }).tap();
  await press(page, '发布');
  await page.getByText('已发布第 1 版').waitFor();
  expect((await detail(site, 'byTouch')).currentVersion).toBe(1);
  expect([found, faults]).toEqual([[], []]);
  await context.close();
});

it('is built by keyboard only at 1280 px, and published', async () => {
  await makeForm(site, 'byKeys');
  const { page, context, faults } = await newDesk(chromium, site, 'chief', { reducedMotion: 'reduce' });
  await page.goto('/business/forms/byKeys');
  const place = (at: string) => page.locator(`[data-place="${at}"] .pick`).first();
  await place('steps.0').focus();
  await page.keyboard.press('Enter');
  for (const kind of KINDS) {
    await page.locator(`.palette [data-item="${kind}"]`).focus();
    await page.keyboard.press('Enter');
  }
  const rows = page.locator('[data-field-row]');
  await expect.poll(() => rows.count()).toBe(20);
  // A new field is named at once: the keyboard is in its label.
  await page.keyboard.press('Control+a');
  await page.keyboard.type('我已阅读并同意');
  await page.keyboard.press('Escape');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest('[data-place]')?.getAttribute('data-place')))
    .toBe('steps.0.fields.19');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  const here = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  expect(await here()).toContain('时间');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(here).toContain('时间');
  await page.keyboard.press('Control+d');
  await expect.poll(() => rows.count()).toBe(21);
  await page.keyboard.press('Delete');
  await expect.poll(() => rows.count()).toBe(20);
  await page.keyboard.press('Control+z');
  await expect.poll(() => rows.count()).toBe(21);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => rows.count()).toBe(20);

  await place('steps.0.fields.7').focus();
  await page.keyboard.press('Enter');
  const rule = page.locator('[data-panel] [data-property=requiredWhen]');
  await rule.getByRole('button', { name: '添加条件' }).focus();
  await page.keyboard.press('Enter');
  /** As people do with a select that has the focus. */
  async function chooseByKeys(label: string, value: string): Promise<void> {
    const select = rule.getByLabel(label, { exact: true });
    await select.focus();
    await page.keyboard.press('Home');
    for (let presses = 0; presses < 40 && (await select.inputValue()) !== value; presses += 1)
      await page.keyboard.press('ArrowDown');
  }
  await chooseByKeys('字段', 'integer');
  await chooseByKeys('比较', 'gt');
  await rule.getByText('“整数”大于 0').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText('已保存，尚未发布', { exact: true }).first().waitFor();
  const content = await working(site, 'byKeys');
  expect(content.steps[0]!.fields[7]).toMatchObject({
    key: 'textarea',
    requiredWhen: { field: 'integer', op: 'gt', value: 0 },
  });
  expect(keysOf(content)[0]!.slice(15)).toEqual(['email', 'time', 'url', 'rating', 'consent']);
  const found = await axe(page);
  await page.getByRole('button', { name: '发布', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.app-dialog').getByRole('button', { name: '发布', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('已发布第 1 版').waitFor();
  expect([found, faults]).toEqual([[], []]);
  await context.close();
});

it('is arranged by dragging, out of the palette and within', async () => {
  await makeForm(site, 'byDrag');
  const { page, context } = await newDesk(chromium, site, 'chief', { reducedMotion: 'reduce' });
  await page.goto('/business/forms/byDrag');
  for (const kind of ['text', 'integer', 'date']) await page.locator(`.palette [data-item="${kind}"]`).click();
  const row = (n: number) => page.locator(`[data-place="steps.0.fields.${n}"]`);
  async function drag(
    from: { x: number; y: number; width: number; height: number } | null,
    onto: { x: number; y: number; width: number; height: number } | null,
    share: number,
  ) {
    await page.mouse.move(from!.x + 8, from!.y + from!.height / 2);
    await page.mouse.down();
    await page.mouse.move(onto!.x + 40, onto!.y + onto!.height * share, { steps: 4 });
    await page.mouse.up();
  }
  await drag(await row(2).locator('.handle').boundingBox(), await row(0).boundingBox(), 0.2);
  const names = () => page.locator('[data-field-row] code').allTextContents();
  await expect.poll(names).toEqual(['date', 'text', 'integer']);
  await page.locator('.palette [data-item=phone]').scrollIntoViewIfNeeded();
  await drag(await page.locator('.palette [data-item=phone]').boundingBox(), await row(1).boundingBox(), 0.8);
  await expect.poll(names).toEqual(['date', 'text', 'phone', 'integer']);
  // Let go beside the form nothing happens; Escape ends it as well.
  await drag(
    await row(0).locator('.handle').boundingBox(),
    await page.getByRole('complementary', { name: '添加字段' }).boundingBox(),
    0.9,
  );
  await expect.poll(names).toEqual(['date', 'text', 'phone', 'integer']);
  await context.close();
});

it('deletes with what names a field only when told so, and leads to each fault', async () => {
  await makeForm(site, 'uses', {
    ...starter,
    steps: [
      {
        ...starter.steps[0]!,
        fields: [
          { key: 'a', kind: 'text', label: { 'zh-CN': '甲' }, required: true },
          { key: 'b', kind: 'text', label: { 'zh-CN': '乙' }, visibleWhen: { field: 'a', op: 'filled' } },
          { key: 'c', kind: 'radio', label: { 'zh-CN': '丙' }, options: [] },
        ],
      },
    ],
    dedupe: ['a'],
  });
  const { page, context, faults } = await newDesk(chromium, site, 'chief', { reducedMotion: 'reduce' });
  await page.goto('/business/forms/uses');
  await page.locator('.lint .to').first().click();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest('[data-property]')?.getAttribute('data-property')))
    .toBe('options');
  await page.locator('[data-place="steps.0.fields.0"] .pick').click();
  await page.getByRole('button', { name: '删除“甲”' }).click();
  await expect.poll(() => page.locator('.app-dialog .uses li').count()).toBe(2);
  await press(page, '删除，并去掉这些规则');
  await saved(page);
  const content = await working(site, 'uses');
  expect(keysOf(content)).toEqual([['b', 'c']]);
  expect('dedupe' in content || 'visibleWhen' in content.steps[0]!.fields[0]!).toBe(false);
  expect(faults).toEqual([]);
  await context.close();
});

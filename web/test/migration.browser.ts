import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Field, FormContent } from '../../server/shared/fields/types.ts';
import { axe, overflow, startChromium } from './citizen.ts';
import { prepared, startSite, type Site } from './server.ts';
import { newDesk, press } from './staff.ts';

/** A version that asks otherwise, and the records that go over to it: chosen, counted, run, stopped, gone on with, taken back. */
let site: Site;
let chromium: Browser;
beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

const FORMS = '/api/business/forms';
const both = (zh: string, en: string) => ({ 'zh-CN': zh, en });
const WAYS = { bus: both('公交', 'By bus'), car: both('自驾', 'By car'), walk: both('步行', 'On foot') };
const way = (...codes: (keyof typeof WAYS)[]): Field => ({
  key: 'way',
  kind: 'radio',
  label: both('怎么来的', 'How they came'),
  options: codes.map((code) => ({ code, label: WAYS[code] })),
});
const form = (...fields: Field[]): FormContent => ({
  title: both('来访登记', 'Visits'),
  steps: [{ key: 'one', title: both('来访', 'Visit'), fields }],
});
const name: Field = { key: 'name', kind: 'text', label: both('姓名', 'Name'), required: true, maps: 'person.name' };
const reason = (key: string): Field => ({ key, kind: 'text', label: both('来访事由', 'Reason') });
const room: Field = { key: 'room', kind: 'text', label: both('房间', 'Room'), required: true };
const OLD = form(name, reason('why'), way('bus', 'car', 'walk'));
const NEW = form(name, reason('reason'), way('bus', 'walk'), room);
const PEOPLE = [
  { name: '林晓雯', why: '开会', way: 'bus' },
  { name: '赵敏', why: '送货', way: 'car' },
  { name: '钱进', way: 'car' },
];
const MOVED = [
  { name: '林晓雯', reason: '开会', way: 'bus', room: '待定' },
  { name: '赵敏', reason: '送货', way: 'walk', room: '待定' },
  { name: '钱进', way: 'walk', room: '待定' },
];

async function begin(key: string): Promise<string[]> {
  await site.publishForm(key, OLD);
  const ids: string[] = [];
  for (const answers of PEOPLE) {
    const sent = await site.chief.post(
      '/api/business/submissions',
      { form: key, version: 1, answers },
      { 'idempotency-key': crypto.randomUUID() },
    );
    ids.push((prepared(sent).body as { id: string }).id);
  }
  prepared(await site.chief.put(`${FORMS}/${key}/working-version`, { content: NEW, rev: 1 }));
  return ids;
}
async function answersOf(ids: readonly string[]): Promise<unknown[]> {
  const seen = await Promise.all(ids.map((id) => site.chief.get(`/api/business/submissions/${id}`)));
  return seen.map((each) => (prepared(each).body as { answers: unknown }).answers);
}
const countOf = async (key: string) =>
  (prepared(await site.chief.get(`${FORMS}/${key}/migrations`)).body as { items: unknown[] }).items.length;
/** Waits until the page has asked for the nth count, and does what a worker would. */
async function count(key: string, nth: number): Promise<void> {
  await expect.poll(() => countOf(key)).toBe(nth);
  await drain();
}
const drain = () => site.app.features.formMigrations.worker.drain();
const row = (page: Page, what: string) => page.locator(`[data-mapping="${what}"]`);
const newest = (page: Page) => page.locator('[data-migration]').first();
const state = (page: Page) => newest(page).getAttribute('data-state');

it('is chosen, counted, run and taken back at a desk, by keyboard', async () => {
  const ids = await begin('visits');
  const { page, context, faults } = await newDesk(chromium, site, 'chief', { reducedMotion: 'reduce' });
  const found: string[] = [];
  /** As people do with a select that has the focus. */
  async function chooseByKeys(what: string, value: string): Promise<void> {
    const select = row(page, what).getByRole('combobox');
    await select.focus();
    await page.keyboard.press('Home');
    for (let presses = 0; presses < 20 && (await select.inputValue()) !== value; presses += 1)
      await page.keyboard.press('ArrowDown');
  }
  const enter = async (name: string, place = page.locator('.app-dialog')) => {
    await place.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };

  await page.goto('/business/forms/visits');
  await page.getByRole('button', { name: '发布', exact: true }).focus();
  await page.keyboard.press('Enter');
  await count('visits', 1);
  await page.getByText('现有登记 3 条，其中 3 条不能原样转到新版本').waitFor();
  // The key is another one for the same question: that is proposed; whom the rest touches is said beside it.
  await row(page, 'why').getByText('系统建议').waitFor();
  expect(await row(page, 'why').getByRole('combobox').inputValue()).toBe('to:reason');
  await expect
    .poll(() => page.locator('[data-hits]').allTextContents())
    .toEqual(['受影响：登记 3 条，草稿 0 份', '受影响：登记 2 条，草稿 0 份']);
  found.push(...(await axe(page)));

  await chooseByKeys('way.car', 'is:walk');
  await page.getByText('处理方式改过了').waitFor();
  await row(page, 'room').getByLabel('统一填入的值').focus();
  await page.keyboard.type('待定');
  await expect.poll(() => page.locator('.app-dialog [data-class=breaking]').count()).toBe(0);
  await enter('重新统计');
  await count('visits', 2);
  await page.getByText('现有登记 3 条，其中 0 条不能原样转到新版本').waitFor();
  const samples = page.locator('.app-dialog [data-samples]');
  await expect.poll(() => samples.locator('li').count()).toBe(3);
  const zhao = samples.locator('li', { hasText: '送货' });
  expect(await zhao.locator('[data-side=before]').textContent()).toContain('自驾');
  expect(await zhao.locator('[data-side=after]').textContent()).toContain('步行');
  found.push(...(await axe(page)));
  expect(await answersOf(ids)).toEqual(PEOPLE);
  await enter('发布');
  await page.getByText('已发布第 2 版').waitFor();

  // What the version was published with is there again, and is counted anew.
  await page.goto('/business/forms/visits/versions');
  await page.getByText('第 1 版到第 2 版：答案怎么带过去').click();
  await row(page, 'way.car').waitFor();
  expect(await row(page, 'way.car').getByRole('combobox').inputValue()).toBe('is:walk');
  found.push(...(await axe(page)));
  await enter('试算', page.locator('main'));
  await count('visits', 3);
  await newest(page).getByText('共 3 条，可以转过去 3 条，0 条会留在旧版本').waitFor();
  await newest(page).getByText('“怎么来的”的选项：自驾 → 步行').waitFor();
  found.push(...(await axe(page)));

  await enter('开始迁移', newest(page));
  await page.getByText('3 条登记会转到现行版本').waitFor();
  await enter('开始迁移');
  await expect.poll(() => state(page)).toBe('running');
  await enter('暂停', newest(page));
  await expect.poll(() => state(page)).toBe('stopped');
  found.push(...(await axe(page)));
  await enter('继续', newest(page));
  await expect.poll(() => state(page)).toBe('running');
  await drain();
  await newest(page).getByText('已转到新版本 3 条，留在旧版本 0 条（共 3 条）').waitFor();
  expect(await answersOf(ids)).toEqual(MOVED);

  await enter('撤销迁移', newest(page));
  await page.getByText('会还原成原来的版本和答案').waitFor();
  await enter('撤销迁移');
  await expect.poll(() => state(page)).toBe('undoing');
  await drain();
  await newest(page).getByText('已还原 3 条；0 条后来有人改过').waitFor();
  expect(await answersOf(ids)).toEqual(PEOPLE);
  found.push(...(await axe(page)));
  expect([found, faults]).toEqual([[], []]);
  await context.close();
});

it('is done by touch at 375 px, in English; what is left alone stays under its version', async () => {
  const ids = await begin('touched');
  const { page, context, faults } = await newDesk(chromium, site, 'chief', {
    viewport: { width: 375, height: 760 },
    hasTouch: true,
    isMobile: true,
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  const found: string[] = [];
  const look = async () => {
    found.push(...(await axe(page)));
    expect(await overflow(page)).toBe(0);
  };
  await page.goto('/business/forms/touched');
  await page.getByRole('button', { name: 'Publish', exact: true }).tap();
  await count('touched', 1);
  await page.getByText('3 records, of which 3 don’t fit').waitFor();
  await look();
  // The option is left alone; the room is filled in.
  await row(page, 'room').getByLabel('What to fill in').fill('待定');
  await page.locator('.app-dialog').getByRole('button', { name: 'Count again' }).tap();
  await count('touched', 2);
  await page.getByText('3 records, of which 2 don’t fit').waitFor();
  await page.getByText('Does not come along').first().waitFor();
  await look();
  await press(page, 'Publish');
  await page.getByText('Version 2 published').waitFor();

  await page.goto('/business/forms/touched/versions');
  await newest(page).getByRole('button', { name: 'Start', exact: true }).tap();
  await press(page, 'Start');
  await expect.poll(() => state(page)).toBe('running');
  await drain();
  await newest(page).getByText('1 went over, 2 stayed, of 3 records').waitFor();
  await newest(page).getByRole('button', { name: 'Details' }).tap();
  await newest(page).locator('[data-mapped]').waitFor();
  await look();
  expect(await answersOf(ids)).toEqual([MOVED[0], PEOPLE[1], PEOPLE[2]]);
  expect([found, faults]).toEqual([[], []]);
  await context.close();
});

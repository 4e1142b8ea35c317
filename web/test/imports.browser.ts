import { readFile } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawTable, tableRow } from '../../server/test/demo-table.ts';
import { rowsOf } from '../../server/test/rows-of.ts';
import { overflow, startChromium } from './citizen.ts';
import { DEMO_DAY, drainImports, prepared, startSite, type Site } from './server.ts';
import { dialogButton, newDesk, press } from './staff.ts';

let site: Site;
let chromium: Browser;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** What the demo's form calls a field, and what another office wrote over the column. */
const WORDS: Record<string, string> = { 证件: '身份证号码', 手机号: '联系电话（必填）' };

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(DEMO_DAY), startChromium()]);
  await site.publishForm('healthDeclaration');
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/** A table as another office keeps it: a title above, its own words, a column that nobody asked for. */
function ownTable(rows: Record<string, string>[], name = '人员姓名') {
  const labels = Object.keys(tableRow(0));
  return rawTable([
    ['外来人员登记表（2026 年 11 月）'],
    [],
    ['序号', ...labels.map((label) => (label === '姓名' ? name : (WORDS[label] ?? label)))],
    ...rows.map((row, at) => [String(at + 1), ...labels.map((label) => row[label]!)]),
  ]);
}

async function upload(page: Page, name: string, content: Uint8Array): Promise<void> {
  await page.goto('/business/imports/new?form=healthDeclaration');
  await page.getByRole('button', { name: '上传，去对应栏目' }).waitFor();
  await page.setInputFiles('input[type=file]', { name, mimeType: XLSX, buffer: Buffer.from(content) });
  await page.getByRole('button', { name: '上传，去对应栏目' }).click();
  await expect.poll(() => page.textContent('h1')).toBe(name);
  await drainImports(site);
  await page.getByRole('heading', { name: '每一列导入到哪个栏目' }).waitFor();
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const target = (page: Page, column: string) => page.getByLabel(`${column} 导入到`, { exact: true });
const saved = (page: Page) => page.getByText(/^已保存 /).waitFor();
/** The figures that the page shows, without those that are none. */
const counts = async (page: Page) => {
  const figures = await page
    .locator('[data-count]')
    .evaluateAll((all) =>
      all.map(
        (one) =>
          [
            (one as HTMLElement).dataset['count']!,
            Number(one.querySelector('dd')!.textContent!.replace(/,/g, '')),
          ] as const,
      ),
    );
  return Object.fromEntries(figures.filter(([, value]) => value > 0));
};
async function download(page: Page, by: Locator): Promise<string[][]> {
  const [file] = await Promise.all([page.waitForEvent('download'), by.click()]);
  return rowsOf(await readFile(await file.path()));
}
/** A worker does what was asked for; the page is told by its stream. */
async function worked(page: Page, then: string): Promise<void> {
  await drainImports(site);
  await heading(page, then);
}

it('imports a table of one’s own: columns, values, check, pause, result, records, undo', async () => {
  const { page, context, faults } = await newDesk(chromium, site, 'chief');
  await page.goto('/business/imports/new');
  await page.getByRole('button', { name: '上传，去对应栏目' }).waitFor();
  const pick = (name: string, content = 'x') =>
    page.setInputFiles('input[type=file]', { name, mimeType: 'text/plain', buffer: Buffer.from(content) });
  await pick('旧表.xls');
  await page.getByText('“旧表.xls”是旧版 Excel 格式（.xls）。').waitFor();
  await pick('名单.docx');
  await page.getByText('“名单.docx”不是表格。').waitFor();
  await pick('网页.xlsx', '<html><body><table><tr><td>姓名</td></tr></table></body></html>');
  await button(page, '上传，去对应栏目').click();
  await page.getByText('文件其实是网页').waitFor();

  const rows = [
    tableRow(1, { 性别: '先生' }),
    tableRow(2, { 性别: '先生' }),
    tableRow(3),
    tableRow(4, { 手机号: '123' }),
    tableRow(5, { 姓名: '' }),
  ];
  await upload(page, '七月名单.xlsx', await ownTable(rows, '登记对象'));
  expect(await page.getByLabel('表头在').inputValue()).toBe('3');
  expect(await target(page, '身份证号码').inputValue()).toBe('document');
  await page.locator('[data-column="2"]').getByText('按同义词').waitFor();
  await page.getByText('还有 1 个必填栏目没有对应的列：').waitFor();
  expect(await button(page, '检查全部行').isDisabled()).toBe(true);

  // One field, two columns: told at both, and nothing is saved before it is mended.
  await target(page, '序号').selectOption({ label: '手机号 *' });
  expect(await page.getByText('已经选给了').count()).toBe(2);
  expect(await button(page, '检查全部行').isDisabled()).toBe(true);
  await target(page, '序号').selectOption({ label: '不导入' });
  await target(page, '登记对象').selectOption({ label: '姓名 *' });
  await saved(page);
  await page.getByText('还有 1 个必填栏目没有对应的列：').waitFor({ state: 'detached' });
  await page.getByText('2 处').waitFor();
  await page.getByLabel('性别：“先生”的意思是').selectOption({ label: '男' });
  const faulty = page.locator('tr[data-row="7"] td.bad');
  await expect.poll(() => faulty.textContent()).toContain('123');
  await page.getByText('其中 2 行有错误').waitFor();
  await page.getByText('放入待核对', { exact: true }).click();

  // Somewhere else, everything that was said is there.
  const other = await newDesk(chromium, site, 'chief');
  await expect
    .poll(async () => {
      const { body } = await site.chief.get(new URL(page.url()).pathname.replace('/business', '/api/business'));
      return [body.duplicates, body.values[0].code];
    })
    .toEqual(['review', 'male']);
  await other.page.goto(page.url());
  await expect.poll(() => target(other.page, '登记对象').inputValue()).toBe('name');
  expect(await other.page.getByLabel('性别：“先生”的意思是').inputValue()).toBe('male');
  await other.context.close();

  await button(page, '检查全部行').click();
  await heading(page, '正在检查');
  await worked(page, '检查完了，还没有写入任何数据');
  expect(await counts(page)).toEqual({ created: 3, failed: 2 });
  expect(prepared(await site.chief.get('/api/business/submissions')).body.items).toEqual([]);
  const refused = await download(page, button(page, '下载有错误的 2 行'));
  expect(refused).toHaveLength(3);
  expect(refused[1]!.join(' ')).toContain('手机号');
  await button(page, '返回对应栏目').click();
  await heading(page, '每一列导入到哪个栏目');
  await page.getByRole('link', { name: '检查' }).click();
  await heading(page, '检查完了，还没有写入任何数据');

  await button(page, '导入 3 行').click();
  await heading(page, '正在导入');
  await page.getByRole('button', { name: '任务，1 个进行中' }).click();
  const tasks = page.getByRole('region', { name: '任务' });
  await tasks.getByText('导入中').waitFor();
  await page.keyboard.press('Escape');
  await tasks.waitFor({ state: 'detached' });
  await button(page, '暂停').click();
  await heading(page, '已暂停');
  await button(page, '继续导入').click();
  await heading(page, '正在导入');
  await worked(page, '导入完成');
  expect(await counts(page)).toEqual({ created: 3, failed: 2 });
  await page.getByText('新增 3 + 有错误 2 = 共 5 行').waitFor();
  expect(await download(page, button(page, '下载有错误的 2 行'))).toEqual(refused);

  await button(page, '查看导入的记录').click();
  await page.waitForURL(/\/submissions\?.*import=/);
  await expect.poll(() => page.locator('tr[data-row]').count()).toBe(3);
  await page.goBack();
  await button(page, '撤销这次导入').click();
  expect(await dialogButton(page, '撤销这次导入').isDisabled()).toBe(true);
  await page.getByLabel('请输入“撤销”以确认').fill('撤销');
  await press(page, '撤销这次导入');
  await heading(page, '正在撤销');
  await worked(page, '导入已撤销');
  await page.getByText('已删除 3 条新增的记录').waitFor();
  expect(prepared(await site.chief.get('/api/business/submissions')).body.items).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

it('recognises a file, and lets people decide over rows that are there, by key', async () => {
  const { page, context, faults } = await newDesk(chromium, site, 'chief');
  const rows = [tableRow(11), tableRow(12), tableRow(13), tableRow(14)];
  const first = await ownTable(rows);
  await upload(page, '八月名单.xlsx', first);
  await button(page, '不检查，直接导入').click();
  await heading(page, '正在导入');
  await worked(page, '导入完成');
  await upload(page, '八月名单（再次）.xlsx', first);
  await page.getByText(/^这个文件 .+ 由 chief 导入过。/).waitFor();
  await page.getByRole('link', { name: '查看那次导入' }).click();
  await expect.poll(() => page.textContent('h1')).toBe('八月名单.xlsx');

  const changed = rows.map((row, at) => (at < 3 ? { ...row, 手机号: `1390000000${at}` } : row));
  await upload(page, '九月名单.xlsx', await ownTable(changed));
  await page.getByText('放入待核对', { exact: true }).click();
  await saved(page);
  await button(page, '不检查，直接导入').click();
  await heading(page, '正在导入');
  await worked(page, '导入完成');
  expect(await counts(page)).toEqual({ unchanged: 1, review: 3 });
  await button(page, '核对 3 行').click();
  await heading(page, '文件第 4 行 · ' + rows[0]!['姓名']!);
  expect(await page.locator('tr.differs th').allTextContents()).toEqual(['手机号']);
  // The figures come after everything: a key that is pressed for the row on the screen counts all the same.
  let letFigures = () => {};
  const decidedAll = new Promise<void>((resolve) => (letFigures = resolve));
  await page.route(/\/api\/business\/imports\/[^/]+$/, (route) => decidedAll.then(() => route.continue()));
  await page.keyboard.press('1');
  await page.getByText('第 4 行：已保留原来的登记').waitFor();
  await heading(page, '文件第 5 行 · ' + rows[1]!['姓名']!);
  await page.keyboard.press('2');
  await page.getByText('第 5 行：已更新').waitFor();
  await heading(page, '文件第 6 行 · ' + rows[2]!['姓名']!);
  await page.keyboard.press('3');
  await heading(page, '都核对完了');
  letFigures();
  await page.getByRole('link', { name: '已处理' }).click();
  await expect.poll(() => page.locator('tr[data-row]').count()).toBe(3);
  await page.getByRole('link', { name: '九月名单.xlsx' }).click();
  await heading(page, '导入完成');
  await expect.poll(() => counts(page)).toEqual({ created: 1, updated: 1, unchanged: 1, skipped: 1 });
  expect(faults).toEqual([]);
  await context.close();
});

it('comes to its end where no stream gets through', async () => {
  const { page, context } = await newDesk(chromium, site, 'chief');
  await page.route('**/events', (route) => route.abort());
  await upload(page, '没有推送.xlsx', await ownTable([tableRow(21)]));
  await button(page, '不检查，直接导入').click();
  await heading(page, '正在导入');
  await worked(page, '导入完成');
  await context.close();
});

it('shows a colleague whose turn it is, and lets them stop it', async () => {
  const mine = await newDesk(chromium, site, 'chief');
  await upload(mine.page, '同事的名单.xlsx', await ownTable([tableRow(31)]));
  await site.staff({ name: 'colleague', can: ['import.run', 'form.read'] });
  const theirs = await newDesk(chromium, site, 'colleague');
  await theirs.page.goto(mine.page.url());
  await heading(theirs.page, '这个导入正等 chief 确认');
  await button(theirs.page, '取消导入').click();
  await press(theirs.page, '取消导入');
  await heading(theirs.page, '导入已取消');
  await mine.context.close();
  await theirs.context.close();
});

it('works on a phone: wizard, review and tasks, nothing wider than the screen', async () => {
  const options = { viewport: { width: 375, height: 760 }, hasTouch: true };
  const { page, context, faults } = await newDesk(chromium, site, 'chief', options);
  const fits = async (what: string) => expect(await overflow(page), what).toBe(0);
  const rows = [tableRow(41), tableRow(42, { 手机号: '12' })];
  await upload(page, '手机上传的很长很长的文件名称二〇二六年十一月.xlsx', await ownTable(rows, '申报对象'));
  await fits('mapping');
  await page.locator('.cards .issue').first().waitFor();
  await target(page, '申报对象').selectOption({ label: '姓名 *' });
  await saved(page);
  await button(page, '检查全部行').click();
  await heading(page, '正在检查');
  await worked(page, '检查完了，还没有写入任何数据');
  await fits('check');
  await button(page, '导入 1 行').click();
  await heading(page, '正在导入');
  await fits('run');
  await page.getByRole('button', { name: '更多' }).click();
  await page.getByRole('link', { name: '任务' }).click();
  await page.locator('.task').first().waitFor();
  await fits('tasks');
  await page.getByRole('link', { name: /^手机上传/ }).click();
  await heading(page, '正在导入');
  await worked(page, '导入完成');
  await fits('result');
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '导入' }).click();
  await page.getByText('新增 1 + 有错误 1 = 共 2 行').waitFor();
  await fits('list');
  expect(faults).toEqual([]);
  await context.close();
});

import { readFile } from 'node:fs/promises';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tableFile, tableRow } from '../../server/test/demo-table.ts';
import { makeStaff, PASSWORD } from '../../server/test/logins.ts';
import { rowsOf } from '../../server/test/rows-of.ts';
import { PERMISSION_NAMES } from '../../server/shared/permissions.ts';
import { overflow, startChromium } from './citizen.ts';
import { DEMO_DAY, drainImports, prepared, startSite, type Site } from './server.ts';
import { choose, dialogButton, newDesk, press, type Desk } from './staff.ts';

let site: Site;
let chromium: Browser;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** What every page asks first, also where nobody is logged in. */
const PROBE = '401 GET /api/staff/session';

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(DEMO_DAY), startChromium()]);
  await site.publishForm('healthDeclaration');
  await makeStaff(site.deps, site.app.features, { name: 'anna', can: [...PERMISSION_NAMES], mustChangePassword: true });
  const people = [
    {
      name: '林晓雯',
      gender: 'female',
      region: '440305',
      phone: '13800000101',
      document: { type: 'passport', number: 'E10000001' },
    },
    {
      name: '周文博',
      gender: 'male',
      region: '110105',
      phone: '13800000102',
      document: { type: 'passport', number: 'E10000002' },
    },
  ];
  for (const person of people) prepared(await site.chief.post('/api/business/people', person));
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

async function logIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('账号', { exact: true }).fill(name);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

async function setPassword(page: Page, current: string, next: string): Promise<void> {
  await expect.poll(() => page.textContent('h1')).toBe('请先设置新密码');
  await page.getByLabel('当前密码').fill(current);
  await page.getByLabel('新密码', { exact: true }).fill(next);
  await page.getByLabel('再输入一次新密码').fill(next);
  await page.getByRole('button', { name: '修改密码' }).click();
}

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole('search').locator('input').fill(text);
  await page.keyboard.press('Enter');
}

/** Waits for the page with this heading: until it is there, its fields could be taken for those of the page before. */
const heading = (page: Page, words: string) => expect.poll(() => page.textContent('h1')).toBe(words);
/** Names in the list, table or cards. */
const names = (page: Page) =>
  expect.poll(() => page.locator('[data-row] button.link, [data-row] button.title').allTextContents());
const panel = (page: Page) => page.locator('.side-panel');
const toast = (page: Page, text: string) => page.getByText(text, { exact: true }).first().waitFor();

async function saved(page: Page, ask: () => Promise<void>): Promise<{ download: Download; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), ask()]);
  return { download, content: await readFile(await download.path()) };
}

/** Uploads a table, takes its columns as they were recognised and imports it without a check. */
async function upload(page: Page, name: string, rows: Record<string, string>[]): Promise<void> {
  await page.getByRole('button', { name: '上传，去对应栏目' }).waitFor();
  await page.setInputFiles('input[type=file]', { name, mimeType: XLSX, buffer: Buffer.from(await tableFile(rows)) });
  await page.getByRole('button', { name: '上传，去对应栏目' }).click();
  await expect.poll(() => page.textContent('h1')).toBe(name);
  await drainImports(site);
  await page.getByRole('button', { name: '不检查，直接导入' }).click();
  await page.getByRole('heading', { name: '正在导入' }).waitFor();
  await drainImports(site);
  await page.getByRole('heading', { name: '导入完成' }).waitFor();
}

/** Ends a story: no fault in the page, nothing refused but what was expected. */
async function done({ context, faults, refused }: Desk, expected: unknown[] = []): Promise<void> {
  expect(faults).toEqual([]);
  expect(refused.filter((one) => one !== PROBE)).toEqual(expected);
  await context.close();
}

it('makes staff change the first password, and refuses a wrong one', async () => {
  const desk = await newDesk(chromium, site);
  const { page } = desk;
  await page.goto('/business/people?region=440000');
  await logIn(page, 'anna', 'not-her-password');
  await expect.poll(() => page.textContent('form')).toContain('账号或密码不正确');
  await expect.poll(() => page.getByLabel('密码', { exact: true }).inputValue()).toBe('');
  await logIn(page, 'anna', PASSWORD);
  await setPassword(page, PASSWORD, 'password12');
  await page.locator('form .error').waitFor();
  expect(await page.textContent('h1')).toBe('请先设置新密码');
  await setPassword(page, PASSWORD, 'Rn5-tulver-Qak2');
  await page.getByRole('link', { name: '人员' }).first().click();
  await names(page).toEqual(['周文博', '林晓雯']);
  await done(desk, ['401 POST /api/staff/session', '422 POST /api/staff/password']);
});

it('finds people by name and phone, opens the panel, shows a number for a reason', async () => {
  const desk = await newDesk(chromium, site, 'chief');
  const { page } = desk;
  await page.goto('/business/people');
  await names(page).toEqual(['周文博', '林晓雯']);
  await search(page, '林');
  await names(page).toEqual(['林晓雯']);
  await search(page, '138 0000 0102');
  await names(page).toEqual(['周文博']);
  expect(page.url()).not.toContain('138');
  await search(page, '没有这个人');
  await page.getByText('没有符合条件的记录').waitFor();
  await page.getByRole('button', { name: '清除全部条件' }).first().click();
  await page.getByRole('button', { name: '林晓雯' }).click();
  await panel(page).getByText('138****0101', { exact: true }).waitFor();
  expect(await panel(page).textContent()).not.toContain('13800000101');
  await panel(page).getByRole('button', { name: '显示手机号' }).click();
  await page.getByLabel('为什么需要查看').fill('电话联系本人');
  await press(page, '显示');
  await expect.poll(async () => (await panel(page).textContent())?.replace(/\s/g, '')).toContain('13800000101');
  const { body } = await site.chief.get('/api/system/audit?limit=1');
  expect(body.items[0]).toMatchObject({
    action: 'person.revealed',
    detail: { reason: '电话联系本人', fields: ['phone'] },
  });
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  await done(desk);
});

it('adds a person, with an error told and mended, changes, deletes by typing the name, restores', async () => {
  const desk = await newDesk(chromium, site, 'chief');
  const { page } = desk;
  await page.goto('/business/people');
  await page.getByRole('button', { name: '新增人员' }).click();
  await heading(page, '新增人员');
  await page.getByLabel('姓名').fill('沈若兰');
  await page.getByLabel('证件号码').fill('440305199003071235');
  await page.getByRole('button', { name: '保存' }).click();
  const summary = page.locator('.summary');
  await expect.poll(() => summary.textContent()).toContain('有 1 处需要修改');
  await summary.getByRole('link').click();
  expect(await page.evaluate(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field'))).toBe(
    'document',
  );
  await page.getByLabel('证件号码').fill('440305 19900307 1236');
  await page.getByText('女', { exact: true }).click();
  await choose(page, '所在地区: 省 / 直辖市', '广东省');
  await choose(page, '所在地区: 市', '深圳市');
  await choose(page, '所在地区: 区 / 县', '南山区');
  await page.getByRole('button', { name: '保存' }).click();
  await toast(page, '已新增');
  await panel(page).getByText('广东省 深圳市 南山区').waitFor();

  await panel(page).getByRole('button', { name: '编辑' }).click();
  await heading(page, '编辑人员');
  await page.getByLabel('姓名').fill('沈若岚');
  await page.getByRole('button', { name: '保存' }).click();
  await panel(page).getByText('沈若岚').first().waitFor();
  await expect.poll(() => panel(page).textContent()).toContain('沈若兰');

  await panel(page).getByRole('button', { name: '删除' }).click();
  const confirm = dialogButton(page, '删除');
  await page.getByLabel('原因').fill('重复登记');
  await page.getByLabel('请输入“沈若岚”以确认').fill('沈若');
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByLabel('请输入“沈若岚”以确认').fill('沈若岚');
  await confirm.click();
  await toast(page, '已移到回收站');
  await names(page).toEqual(['周文博', '林晓雯']);
  await page.getByRole('link', { name: '回收站' }).click();
  await page.getByRole('button', { name: '沈若岚' }).click();
  await panel(page).getByRole('button', { name: '恢复' }).click();
  await press(page, '恢复');
  await toast(page, '已恢复');
  await page.getByRole('link', { name: '在册人员' }).click();
  await names(page).toContain('沈若岚');
  await done(desk);
});

it('imports a table, gives back what was refused, exports the list', async () => {
  const desk = await newDesk(chromium, site, 'chief');
  const { page } = desk;
  await page.goto('/business/imports');
  await page.getByRole('button', { name: '导入 Excel' }).first().click();
  await upload(page, '七月名单.xlsx', [
    tableRow(1),
    tableRow(2),
    tableRow(3, { 手机号: '123' }),
    tableRow(4, { 姓名: '' }),
  ]);
  await page.getByText('新增 2 + 有错误 2 = 共 4 行').waitFor();
  const errors = await saved(page, () => page.getByRole('button', { name: '下载有错误的 2 行' }).click());
  const refusedRows = await rowsOf(errors.content);
  expect(refusedRows).toHaveLength(3);
  expect(refusedRows[1]!.join(' ')).toContain('手机号');

  await page.getByRole('button', { name: '查看导入的记录' }).click();
  await expect.poll(() => page.locator('tr[data-row]').count()).toBe(2);
  await page.goto('/business/people?region=440000');
  await page.getByRole('button', { name: '导出', exact: true }).click();
  await page.getByLabel('导出原因').fill('季度核对');
  const list = await saved(page, () => press(page, '开始导出'));
  expect(list.download.suggestedFilename()).toMatch(/\.xlsx$/);
  const cells = (await rowsOf(list.content)).flat().join(' ');
  expect(cells).toContain('林晓雯');
  expect(cells).not.toMatch(/周文博|13800000101/);
  await done(desk);
});

it('gives an account a role within a region, which then sees only its region', async () => {
  const clerk = {
    key: 'clerk',
    label: { 'zh-CN': '窗口登记员' },
    permissions: ['person.read', 'person.write', 'submission.read'],
  };
  expect((await site.chief.post('/api/system/roles', clerk)).status).toBe(201);
  const desk = await newDesk(chromium, site, 'chief');
  const { page } = desk;
  await page.goto('/system/accounts');
  await page.getByRole('button', { name: '新建账号' }).click();
  await heading(page, '新建账号');
  await page.getByLabel('账号名').fill('li.na');
  await page.getByLabel('姓名').fill('李娜');
  await page.getByRole('button', { name: '添加角色' }).click();
  await choose(page, '角色', '窗口登记员');
  await page.getByText('限定地区').click();
  await choose(page, '地区: 省 / 直辖市', '北京市');
  await page.getByRole('button', { name: '新建账号' }).click();
  const first = (await page.getByRole('dialog').locator('code').textContent())!;
  await press(page, '我已记下');
  await panel(page).getByText('窗口登记员').waitFor();
  expect(await panel(page).textContent()).toContain('北京市');

  const hers = await newDesk(chromium, site);
  await hers.page.goto('/business/');
  await logIn(hers.page, 'Li.Na', first);
  await setPassword(hers.page, first, 'Vm3-perlot-Zuk8');
  await hers.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '人员' }).click();
  await names(hers.page).toEqual(['周文博']);
  expect(await hers.page.getByRole('link', { name: '导入' }).count()).toBe(0);
  const { body } = await site.chief.get('/api/business/people?q=林');
  await hers.page.goto(`/business/people/${body.items[0].id}`);
  await hers.page.getByText('没有找到').first().waitFor();
  await hers.page.goto('/business/imports');
  await hers.page.getByText('您没有查看这里的权限').waitFor();
  await done(hers, [expect.stringContaining('404 GET /api/business/people/')]);
  await done(desk);
});

it('works on a phone: cards, bottom navigation, panel over the whole screen, import', async () => {
  const desk = await newDesk(chromium, site, 'chief', { viewport: { width: 375, height: 760 }, hasTouch: true });
  const { page } = desk;
  const fits = async (what: string) => expect(await overflow(page), what).toBe(0);
  await page.goto('/business/');
  const bottom = page.getByRole('navigation', { name: '主导航' });
  await bottom.getByRole('link', { name: '人员' }).click();
  await page.locator('.cards').waitFor();
  expect(await page.locator('table').count()).toBe(0);
  await fits('list');
  await search(page, '林');
  await names(page).toEqual(['林晓雯']);
  await page.getByRole('button', { name: '林晓雯' }).click();
  await panel(page).getByText('138****0101', { exact: true }).waitFor();
  await expect.poll(() => panel(page).boundingBox()).toMatchObject({ x: 0, y: 0, width: 375, height: 760 });
  await fits('panel');
  await panel(page).getByRole('button', { name: '关闭' }).click();
  await panel(page).waitFor({ state: 'detached' });
  await bottom.getByRole('link', { name: '导入' }).click();
  await page.getByRole('button', { name: '导入 Excel' }).first().click();
  await fits('import');
  await upload(page, '手机上传.xlsx', [tableRow(11)]);
  await page.getByText('新增 1 = 共 1 行').waitFor();
  await fits('result');
  await bottom.getByRole('button', { name: '更多' }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect.poll(() => page.textContent('h1')).toBe('登录');
  await done(desk);
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoAnswers } from '../../server/src/features/seed/demo.people.ts';
import { logInCitizen } from '../../server/test/logins.ts';
import { axe, newDevice, next, overflow, startChromium } from './citizen.ts';
import { DEMO_DAY, prepared, startSite, type Site } from './server.ts';
import { choose, dialogButton, newDesk, press } from './staff.ts';

let site: Site;
let chromium: Browser;
const PHONE = '13600001234';
const FORM = 'healthDeclaration';
let submission = '';

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(DEMO_DAY), startChromium()]);
  await site.publishForm(FORM);
  const citizen = await logInCitizen(site.app, site.sentCodes, PHONE);
  const { body } = prepared(
    await citizen.post(
      `/api/citizen/forms/${FORM}/submissions`,
      { version: 1, answers: { ...demoAnswers(3, '2026-11-21'), name: '陈改正' } },
      { 'idempotency-key': 'records-browser-1' },
    ),
  );
  submission = body.id;
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/** What axe finds on the page as it is, and whether it can be scrolled sideways. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.waitForFunction(() => !document.querySelector('.skeleton, .el-loading-mask'));
  const sideways = await overflow(page);
  return [...(await axe(page)), ...(sideways ? [`${sideways} px too wide`] : [])];
}

it('a form’s records are set to be reviewed, returned from the queue, corrected on a phone, and accepted', async () => {
  const desk = await newDesk(chromium, site, 'chief');
  const { page } = desk;
  await page.goto(`/business/record-settings/${FORM}`);
  await page.getByText('提交后需要审核').click();
  await choose(page, '排序项 1', '性别');
  await choose(page, '角色', 'ofchief0');
  await choose(page, '手机号', '隐藏');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('已保存，一秒内对所有人生效').waitFor();
  await page.getByText('正在准备：性别').waitFor();

  await page.goto('/business/submissions?view=queue');
  await page.getByRole('checkbox', { name: '选中 陈改正' }).check();
  await page.getByText('已选 1 条').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.locator('.bulk').getByRole('button', { name: '退回修改' }).click();
  await page.locator('.app-dialog textarea').fill('请核对紧急联系人');
  expect(await faultsOf(page)).toEqual([]);
  await press(page, '退回修改');
  await page.getByText('已处理 1 条').waitFor();
  await page.getByText('没有待审核的记录').waitFor();

  const phone = await newDevice(chromium, site, PHONE);
  await phone.page.goto('/register/#/submissions');
  await phone.page.getByText('请修改', { exact: true }).waitFor();
  expect(await faultsOf(phone.page)).toEqual([]);
  await phone.page.click('.card');
  await phone.page.getByText('原因：请核对紧急联系人').waitFor();
  expect(await faultsOf(phone.page)).toEqual([]);
  await phone.page.getByRole('link', { name: '修改并重新提交' }).click();
  await phone.page.fill('#f-emergencyName', '');
  await next(phone.page);
  await phone.page.locator('.summary li').first().waitFor();
  expect(await faultsOf(phone.page)).toEqual([]);
  await phone.page.fill('#f-emergencyName', '李新联系');
  // The page is killed before it is sent: what was typed is still there.
  await phone.page.reload();
  await expect.poll(() => phone.page.inputValue('#f-emergencyName')).toBe('李新联系');
  await next(phone.page);
  await phone.page.getByText('已提交', { exact: true }).waitFor();
  await phone.page.getByText('本人修改').waitFor();
  expect(phone.faults).toEqual([]);
  await phone.context.close();

  await page.goto(`/business/submissions/${submission}`);
  await page.locator('.side-panel').getByText('您没有查看权限').first().waitFor();
  await page.getByRole('button', { name: '对比不同时间的内容' }).click();
  await page.locator('.app-dialog tr.differs').getByText('*').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.locator('.app-dialog').waitFor({ state: 'hidden' });
  await page.locator('.side-panel').getByRole('button', { name: '通过', exact: true }).click();
  await press(page, '通过');
  await page.locator('.side-panel').getByText('已通过', { exact: true }).first().waitFor();

  await page.goto(`/business/submissions/${submission}/print`);
  await page.getByText('敏感信息已遮盖').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(desk.faults).toEqual([]);
  expect(desk.refused).toEqual([]);
  await desk.context.close();
});

it('a view of the list is kept, opened again and given up', async () => {
  const desk = await newDesk(chromium, site, 'chief');
  const { page } = desk;
  await page.goto(`/business/submissions?form=${FORM}`);
  await page.locator('[data-row]').first().waitFor();
  await page.getByRole('button', { name: '列设置' }).click();
  await page.locator('.app-dialog').getByText('性别', { exact: true }).click();
  await press(page, '保存');
  await page.getByRole('columnheader', { name: '性别' }).waitFor();
  await choose(page, '排序', '最早提交在前');
  await page.getByRole('button', { name: '保存为视图' }).click();
  await page.locator('.app-dialog input').first().fill('按性别看');
  await press(page, '保存');
  await page.getByRole('link', { name: '按性别看' }).waitFor();

  await page.goto('/business/submissions');
  await page.getByRole('link', { name: '按性别看' }).click();
  await page.getByRole('columnheader', { name: '性别' }).waitFor();
  expect(new URL(page.url()).searchParams.get('sort')).toBe('submittedAt');
  await page.getByRole('button', { name: '删除视图' }).click();
  await press(page, '删除');
  await page.getByText('已删除视图').waitFor();
  await expect.poll(() => page.getByRole('link', { name: '按性别看' }).count()).toBe(0);
  expect(desk.faults).toEqual([]);
  await desk.context.close();
});

it('two people who are one are merged and parted again', async () => {
  const person = (number: string) => ({
    name: '吴重名',
    gender: 'male',
    region: '440305',
    phone: '13800007777',
    document: { type: 'passport', number },
  });
  const kept = prepared(await site.chief.post('/api/business/people', person('E10000001'))).body.id as string;
  prepared(await site.chief.post('/api/business/people', person('E10000002')));
  for (const width of [1280, 375]) {
    const desk = await newDesk(chromium, site, 'chief', { viewport: { width, height: 900 } });
    const { page } = desk;
    await page.goto(`/business/people/${kept}`);
    await page.locator('.side-panel').getByRole('button', { name: '合并重复人员' }).click();
    await page.getByRole('button', { name: '选择这个人' }).click();
    await page.getByRole('checkbox', { name: '证件：采用重复人员的' }).check();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: '合并', exact: true }).click();
    await page.locator('.app-dialog textarea').fill('同一个人');
    await press(page, '合并');
    await page.locator('.side-panel').getByText('并入一位重复人员').first().waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: '撤销合并' }).first().click();
    await dialogButton(page, '撤销合并').click();
    await page.getByText('已撤销合并').waitFor();
    expect(desk.faults).toEqual([]);
    await desk.context.close();
  }
});

it('on a phone records are set up, chosen and decided too', async () => {
  const desk = await newDesk(chromium, site, 'chief', { viewport: { width: 375, height: 760 } });
  const { page } = desk;
  await page.goto(`/business/record-settings/${FORM}`);
  await page.getByText('字段权限', { exact: true }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.goto('/business/submissions');
  await page.getByRole('checkbox', { name: '选中 陈改正' }).check();
  await page.locator('.bulk').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.goto(`/business/submissions/${submission}/print`);
  await page.getByText('敏感信息已遮盖').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(desk.faults).toEqual([]);
  await desk.context.close();
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCondition, parseExpression } from '../../server/shared/fields/expressions/index.ts';
import type { Field, FormContent } from '../../server/shared/fields/types.ts';
import { PERMISSION_NAMES } from '../../server/shared/permissions.ts';
import { axe, fillDay, newDevice, next, overflow, startChromium } from './citizen.ts';
import { startSite, type Site } from './server.ts';
import { newDesk } from './staff.ts';

/** A household's declaration: what is asked, demanded, offered and computed follows the answers, in both kinds of pages. */
const when = (text: string) => parseCondition(text).value!;
const worth = (text: string) => parseExpression(text).value!;
const label = (zh: string, en: string) => ({ 'zh-CN': zh, en });
const options = [
  { code: 'spouse', label: label('配偶', 'Spouse'), allowedWhen: when('age(born) >= 20') },
  { code: 'child', label: label('子女', 'Child') },
  { code: 'parent', label: label('父母', 'Parent') },
];
const member: Field[] = [
  { key: 'name', kind: 'text', label: label('姓名', 'Name'), required: true },
  { key: 'born', kind: 'date', label: label('出生日期', 'Date of birth'), required: true, max: 'today' },
  { key: 'relation', kind: 'radio', label: label('关系', 'Relation'), options },
  { key: 'phone', kind: 'phone', label: label('手机号', 'Mobile phone'), requiredWhen: when('age(born) >= 18') },
];
const household: FormContent = {
  title: label('家庭申报', 'Household declaration'),
  steps: [
    {
      key: 'people',
      title: label('家里还有谁', 'Who else lives with you'),
      fields: [
        {
          key: 'others',
          kind: 'radio',
          label: label('有人同住吗', 'Does anybody live with you'),
          required: true,
          options: [
            { code: 'yes', label: label('有', 'Yes') },
            { code: 'no', label: label('没有', 'No') },
          ],
        },
        {
          key: 'members',
          kind: 'group',
          label: label('同住的人', 'Person living with you'),
          required: true,
          max: 3,
          fields: member,
          visibleWhen: when('others == "yes"'),
        },
        {
          key: 'size',
          kind: 'computed',
          label: label('家庭人数', 'Size of the household'),
          scale: 0,
          compute: worth('count(members) + 1'),
        },
        { key: 'rooms', kind: 'integer', label: label('房间数', 'Rooms'), min: 1 },
        { key: 'reason', kind: 'text', label: label('说明', 'Reason') },
      ],
    },
  ],
  checks: [
    {
      key: 'crowded',
      assert: when('size / rooms <= 2 or filled(reason)'),
      message: label('每间超过两人，请写明原因', 'More than two people a room: please say why'),
      fields: ['reason'],
    },
  ],
};

let site: Site;
let chromium: Browser;
beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite('2026-11-22T02:00:00Z'), startChromium()]);
  await site.publishForm('household', household);
  await site.staff({ name: 'clerk', can: [...PERMISSION_NAMES] });
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

it('a citizen adds people, is offered what fits, and sees what follows', async () => {
  const { page, context, faults } = await newDevice(chromium, site, '13800138001');
  const seen: string[] = [];
  const look = async (screen: string) => {
    seen.push(...(await axe(page)).map((each) => `${screen} ${each}`));
    expect(await overflow(page), screen).toBe(0);
  };
  await page.goto('/register/#/forms/household/steps/people');
  await page.waitForSelector('#f-others');
  expect(await page.textContent('#f-size')).toBe('1');
  await page.check('#f-others');
  await page.waitForSelector('.record');
  await expect.poll(() => page.locator('.record legend').first().textContent()).toContain('同住的人 1');
  await next(page);
  await page.waitForSelector('.summary li');
  await look('errors');
  expect(await page.locator('.summary li').allTextContents()).toEqual(['同住的人：这一项不能为空，请补充']);

  await page.fill('[id="f-members.0.name"]', '王小芳');
  await fillDayOf('members.0.born', '2015-03-01');
  expect(await page.locator('[name="f-members.0.relation"]').count()).toBe(2);
  await next(page);
  await expect.poll(() => page.locator('.summary').count()).toBe(0);
  await page.waitForSelector('dl.answers');
  expect(await page.textContent('dl.answers')).toContain('姓名：王小芳');
  await look('review');
  await page.goBack();

  await page.click('.add');
  await page.fill('[id="f-members.1.name"]', '王建国');
  await fillDayOf('members.1.born', '1980-05-05');
  await expect.poll(() => page.locator('[name="f-members.1.relation"]').count()).toBe(3);
  await page.check('[id="f-members.1.relation"]');
  expect(await page.textContent('#f-size')).toBe('3');
  await page.fill('#f-rooms', '1');
  await next(page);
  await expect
    .poll(() => page.locator('.summary li').allTextContents())
    .toEqual(['同住的人 2 · 手机号：这一项不能为空，请补充', '说明：每间超过两人，请写明原因']);
  await page.click('.summary li a');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('f-members.1.phone');
  await page.fill('[id="f-members.1.phone"]', '13900139000');
  await next(page);
  await expect.poll(() => page.locator('.summary li').allTextContents()).toEqual(['说明：每间超过两人，请写明原因']);
  await look('check');
  await page.fill('#f-reason', '正在找房');
  await expect.poll(() => page.locator('.field.bad').count()).toBe(0);
  await page.click('.record >> nth=0 >> .link.bad');
  expect(await page.textContent('#f-size')).toBe('2');
  expect(await page.inputValue('[id="f-members.0.name"]')).toBe('王建国');
  await next(page);
  await page.waitForSelector('dl.answers');
  await next(page);
  await page.waitForSelector('.big-number');
  expect(seen).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();

  async function fillDayOf(path: string, day: string): Promise<void> {
    await fillDay(page, `f-${path}`.replace(/\./g, '\\.'), day);
  }
});

for (const width of [1280, 375])
  it(`staff fill in the same form under the same rules (${width} px)`, async () => {
    const { page, context, faults } = await newDesk(chromium, site, 'clerk', { viewport: { width, height: 800 } });
    await page.goto('/business/submissions/new?form=household');
    await page.waitForSelector('[data-field="others"]');
    await page.locator('[data-field="others"]').getByText('有', { exact: true }).click();
    const first = page.locator('[data-field="members"] .record').first();
    await first.locator('[data-field="members.0.name"] input').fill('王建国');
    await first.locator('[data-field="members.0.born"] input').fill('1980-05-05');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await expect.poll(() => first.locator('[data-field="members.0.relation"] input[type=radio]').count()).toBe(3);
    await expect.poll(() => page.textContent('[data-field="size"] output')).toBe('2');
    await page.getByRole('button', { name: '提交登记', exact: true }).click();
    await expect
      .poll(() => page.locator('.summary li').allTextContents())
      .toEqual(['同住的人 1 · 手机号：这一项不能为空，请补充']);
    expect(await axe(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await first.locator('[data-field="members.0.phone"] input').fill('13900139000');
    await page.getByRole('button', { name: '提交登记', exact: true }).click();
    // A group with a phone number in it is sensitive as a whole.
    await expect.poll(() => page.textContent('.side-panel .masked')).toContain('1 条');
    expect(faults).toEqual([]);
    await context.close();
  });

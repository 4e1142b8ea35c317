import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axe, newDevice, next, overflow, startChromium } from './citizen.ts';
import { fillOpinion, fillVisit, KINDS_FORM, OFFICE } from './kinds-form.ts';
import { prepared, startSite, type Site } from './server.ts';
import { newDesk } from './staff.ts';

let site: Site;
let chromium: Browser;
let organisation = '';

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('visit', KINDS_FORM);
  const made = prepared(
    await site.chief.post('/api/system/organisations', { name: OFFICE, parent: null, region: null }),
  );
  organisation = (made.body as { id: string }).id;
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

it('asks a citizen on a phone for every kind, and staff see and correct what was said', async () => {
  const { page, faults } = await newDevice(chromium, site, '13500000031');
  await page.goto('/register/#/forms/visit?gate=3');
  await page.getByRole('link', { name: '开始填写' }).click();
  await page.waitForSelector('#f-at');

  // Nothing filled in: every fault is said, and leads to its control.
  await next(page);
  await page.waitForSelector('.error');
  for (const id of ['f-at', 'f-from', 'f-mail', 'f-weight', 'f-office']) {
    await page.click(`.summary a[href="#${id}"]`);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe(id);
  }
  expect(await axe(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);

  await fillVisit(page);
  expect(await page.textContent('.reference')).toContain(`${OFFICE}重新选择`);
  await next(page);

  await page.waitForSelector('#f-topics');
  await fillOpinion(page);
  expect(await page.getByLabel('第 3 项业务').isDisabled()).toBe(true);
  await expect.poll(() => page.textContent('output')).toContain('80 分');
  expect(await axe(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(await page.getByText('入口').count()).toBe(0);
  expect(await page.getByText('接待人').count()).toBe(0);
  await next(page);

  await page.waitForSelector('dl.answers');
  await expect.poll(() => page.textContent('dl.answers')).toContain(OFFICE);
  for (const words of [
    '2030年5月1日 09:30',
    'Wang@example.com',
    '12.5 斤',
    '第 2 项业务；第 11 项业务',
    '服务态度：满意',
  ])
    expect(await page.textContent('main')).toContain(words);
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: '提交登记' }).click();
  await page.waitForSelector('text=提交成功');
  expect(faults).toEqual([]);

  const { items } = prepared(await site.chief.get('/api/business/submissions?form=visit')).body as {
    items: { id: string; answers: Record<string, unknown> }[];
  };
  expect(items[0]!.answers).toMatchObject({
    at: '2030-05-01T09:30',
    from: '17:30',
    site: 'https://www.example.com',
    weight: { amount: 12.5, unit: 'o2' },
    office: organisation,
    topics: ['o2', 'o11'],
    rows: { o1: 'o3', o2: 'o3', o3: 'o3' },
    stars: 4,
    gate: '3',
    score: 80,
  });

  const person = prepared(
    await site.chief.post('/api/business/people', {
      name: '欧阳接待',
      document: { type: 'passport', number: 'E12345678' },
      region: '440305',
    }),
  ).body as { id: string };
  const desk = await newDesk(chromium, site, 'chief');
  await desk.page.goto(`/business/submissions/${items[0]!.id}`);
  await expect.poll(() => desk.page.textContent('body')).toContain(OFFICE);
  await expect.poll(() => desk.page.textContent('.side-panel')).toContain('80 分');
  await desk.page.goto(`/business/submissions/${items[0]!.id}/edit`);
  await desk.page.waitForSelector('.stars');
  await desk.page.waitForSelector('.matrix');
  await desk.page.locator('[data-field="host"] input').fill('欧阳接');
  await desk.page.getByRole('button', { name: '欧阳接待' }).click();
  await desk.page.getByRole('radio', { name: '5 颗星' }).check();
  expect(await axe(desk.page)).toEqual([]);
  expect(await overflow(desk.page)).toBe(0);
  await desk.page.getByRole('button', { name: '保存' }).click();
  await expect
    .poll(
      async () =>
        (prepared(await site.chief.get(`/api/business/submissions/${items[0]!.id}`)).body as { answers: unknown })
          .answers,
    )
    .toMatchObject({ stars: 5, score: 100, host: '**' });
  expect(desk.faults).toEqual([]);
  const { body: revealed } = prepared(
    await site.chief.post(`/api/business/submissions/${items[0]!.id}/reveal`, {
      fields: ['host'],
      reason: '核对接待人',
    }),
  );
  expect(JSON.stringify(revealed)).toContain(person.id);
});

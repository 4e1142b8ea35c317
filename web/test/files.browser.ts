import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormContent } from '../../server/shared/fields/types.ts';
import { pdf, png } from '../../server/test/pictures.ts';
import { axe, newDevice, next, overflow, startChromium } from './citizen.ts';
import { prepared, startSite, type Site } from './server.ts';
import { newDesk } from './staff.ts';

let site: Site;
let chromium: Browser;

const text = (zh: string, en: string) => ({ 'zh-CN': zh, en });
const content: FormContent = {
  title: text('居住证明', 'Proof of residence'),
  steps: [
    {
      key: 'proof',
      title: text('证明材料', 'Proof'),
      fields: [
        { key: 'name', kind: 'text', label: text('姓名', 'Name'), required: true, maps: 'person.name' },
        { key: 'photo', kind: 'photo', label: text('证件照片', 'Photo'), required: true, max: 2 },
        { key: 'sign', kind: 'signature', label: text('本人签名', 'Signature'), required: true },
        { key: 'lease', kind: 'file', label: text('租赁合同', 'Lease') },
      ],
    },
  ],
};
const picture = { name: '正面.png', mimeType: 'image/png', buffer: png() };

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('proof', content);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

it('takes photos and documents on a phone; they survive the page, and staff read them', async () => {
  const { page, faults } = await newDevice(chromium, site, '13500000041');
  await page.goto('/register/#/forms/proof');
  await page.getByRole('link', { name: '开始填写' }).click();
  await page.waitForSelector('#f-photo');
  await next(page);
  await page.waitForSelector('.error');
  expect(await axe(page)).toEqual([]);

  await page.fill('#f-name', '欧阳测试');
  await page.setInputFiles('#f-photo', picture);
  await page.getByRole('button', { name: '移除 正面.png' }).waitFor();
  // What it is counts, not what it is called.
  const wrong = { name: '合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html></html>') };
  await page.setInputFiles('#f-lease', wrong);
  await page.getByText('不收这种文件').waitFor();
  expect(await axe(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.getByRole('button', { name: '取消 合同.pdf' }).click();
  await page.setInputFiles('#f-lease', { ...wrong, buffer: pdf() });
  await page.getByRole('button', { name: '移除 合同.pdf' }).waitFor();
  await page.setInputFiles('#f-photo', { ...picture, name: '背面.png', buffer: png({ shade: 200 }) });
  await page.getByRole('button', { name: '移除 背面.png' }).waitFor();
  expect(await page.locator('input#f-photo').count()).toBe(0);
  await page.getByRole('button', { name: '移除 背面.png' }).click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('f-photo');

  // Drawn, cleared, and written by keyboard instead.
  const box = (await page.locator('canvas').boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.getByRole('button', { name: '清除' }).click();
  await page.getByRole('button', { name: '使用这个签名' }).click();
  await page.getByText('请先签名或输入姓名').waitFor();
  await page.fill('#f-sign', '欧阳测试');
  await page.getByRole('button', { name: '使用这个签名' }).click();
  await page.getByRole('button', { name: '移除 signature.png' }).waitFor();
  expect(await axe(page)).toEqual([]);

  // The page dies; what had arrived is there again.
  await next(page);
  await page.waitForSelector('dl.answers');
  await page.reload();
  await page.waitForSelector('dl.answers');
  await expect.poll(() => page.textContent('dl.answers')).toContain('正面.png');
  expect(await page.textContent('dl.answers')).toContain('合同.pdf');
  await page.getByRole('button', { name: '提交登记' }).click();
  await page.waitForSelector('text=提交成功');
  expect(faults).toEqual([]);

  const { items } = prepared(await site.chief.get('/api/business/submissions?form=proof')).body as {
    items: { id: string }[];
  };
  const desk = await newDesk(chromium, site, 'chief');
  await desk.page.goto(`/business/submissions/${items[0]!.id}`);
  const link = desk.page.getByRole('link', { name: '正面.png' });
  await link.waitFor();
  expect(await axe(desk.page)).toEqual([]);
  const [download] = await Promise.all([desk.page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toBe('正面.png');
  await desk.page.goto(`/business/submissions/${items[0]!.id}/edit`);
  await desk.page.getByRole('button', { name: '移除 正面.png' }).waitFor();
  expect(await axe(desk.page)).toEqual([]);
  expect(desk.faults).toEqual([]);
});

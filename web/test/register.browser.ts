import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axe, fillPerson, fillRest, newDevice, next, overflow, startChromium } from './citizen.ts';
import { startSite, type Site } from './server.ts';

let site: Site;
let chromium: Browser;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('healthDeclaration');
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

for (const [width, colorScheme] of [
  [375, 'light'],
  [1280, 'dark'],
] as const) {
  it(`leads a citizen from the first screen to the receipt and back out (${width} px, ${colorScheme})`, async () => {
    const phone = `138001380${width % 100}`;
    const { page, context, faults } = await newDevice(chromium, site, undefined, {
      viewport: { width, height: 800 },
      colorScheme,
    });
    const seen: string[] = [];
    const look = async (screen: string) => {
      await page.waitForTimeout(200);
      seen.push(...(await axe(page)).map((each) => `${screen} ${each}`));
      expect(await overflow(page), screen).toBe(0);
    };

    await page.goto('/register/');
    await expect.poll(() => page.textContent('h1')).toBe('健康申报登记');
    await look('start');
    await page.click('main a.primary');

    await page.fill('#login-phone', '1380013');
    await next(page);
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('summary');
    await look('phone');
    await page.fill('#login-phone', `+86 ${phone}`);
    await next(page);
    await page.waitForSelector('#login-code');
    await page.fill('#login-code', '000000');
    await page.waitForSelector('.summary');
    await look('code');
    const code = (await site.sentCodes(phone)).slice(-1)[0]!;
    await page.fill('#login-code', code);
    await next(page);

    await page.waitForSelector('#f-name');
    expect(await page.textContent('.step')).toContain('第 1 步，共 5 步');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await next(page);
    await page.waitForSelector('.summary li');
    await look('errors');
    await page.click('.summary li a');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('f-name');
    await fillPerson(page);
    await look('person');
    await next(page);
    await page.waitForSelector('#f-travelled');
    await look('contact');
    await fillRest(page);
    await expect.poll(() => page.textContent('dl.answers')).toContain('广东省 深圳市 南山区');
    await look('review');

    await page.click('[aria-label="更改：姓名"]');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('f-name');
    await page.fill('#f-name', '李晓明');
    await next(page);
    await expect.poll(() => page.textContent('dl.answers')).toContain('李晓明');
    await next(page);

    const number = (await page.textContent('.big-number'))!;
    expect(number).toMatch(/\d{4}/);
    await page.click('main button.primary');
    await page.waitForSelector('.picture img');
    await look('receipt');
    await page.goBack();
    await expect.poll(() => page.textContent('main a.primary'), { message: 'back from the receipt' }).toBe('开始填写');

    await page.click('header a[href="#/submissions"]');
    await expect.poll(() => page.textContent('.cards')).toContain(number);
    await look('mine');
    await page.click('.card');
    await expect.poll(() => page.textContent('dl.answers')).toContain('440305 19900307 1236');
    await look('detail');
    await page.click('.link.bad');
    await page.click('button.danger');
    await expect.poll(() => page.textContent('main')).toContain('这份登记已经撤回');
    await page.click('header nav button:last-child');
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('en');
    await look('withdrawn, English');

    await page.click('a.back');
    await page.click('.account button');
    await page.waitForSelector('main a.primary');
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toMatch(/李|440305/);
    expect(seen).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });
}

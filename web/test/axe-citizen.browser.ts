import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillPerson, newDevice, next, startChromium } from './citizen.ts';
import { inspector, LANGUAGES } from './inspector.ts';
import { fillOpinion, fillVisit, KINDS_FORM, OFFICE } from './kinds-form.ts';
import { DEMO_DAY, prepared, startSite, type Site } from './server.ts';

let site: Site;
let chromium: Browser;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(DEMO_DAY), startChromium()]);
  await site.publishForm('healthDeclaration');
  await site.publishForm('visit', KINDS_FORM);
  prepared(await site.chief.post('/api/system/organisations', { name: OFFICE, parent: null, region: null }));
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

describe.each(LANGUAGES)('%s', { timeout: 300_000 }, (language) => {
  it.each(['plain', 'elder'])('finds nothing on the pages of a citizen (%s)', async (dress) => {
    const phone = `13600000${language === 'en' ? 1 : 2}${dress === 'elder' ? 1 : 2}0`;
    const { page, context, faults } = await newDevice(chromium, site, undefined, { reducedMotion: 'reduce' });
    await context.addInitScript(
      ([locale, elder]) => {
        localStorage.setItem('dengji.locale', JSON.stringify(locale));
        localStorage.setItem('dengji.elder', JSON.stringify(elder));
      },
      [language, dress === 'elder'] as const,
    );
    const { look, found } = inspector(page);
    const step = async (what: string, ready: string) => {
      await next(page);
      await look(what, ready);
    };
    await page.goto('/register/');
    await look('home', '.card');
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.className])).toEqual([
      language,
      dress === 'elder' ? 'elder' : '',
    ]);
    await page.click('.card[href="#/forms/healthDeclaration"]');
    await look('start', 'main a.primary');
    await page.click('main a.primary');
    await look('login', '#login-phone');
    await step('login with an error', '.summary');
    site.clock.advance(61_000);
    await page.fill('#login-phone', phone);
    await step('code', '#login-code');
    await page.fill('#login-code', (await site.sentCodes(phone)).slice(-1)[0]!);
    await step('first step', '#f-name');
    await step('first step with errors', '.summary li');
    await fillPerson(page);
    await step('travel', '#f-travelled');
    await page.check('#f-travelled');
    await look('travel with more', 'main input:not([type=radio])');
    await step('travel with errors', '.summary li');
    await page.check('#f-travelled-no');
    await page.check('#f-contact-no');
    await step('health', '#f-chronic-no');
    await page.check('#f-chronic-no');
    await step('vaccines', '#f-vaccineDoses');
    await page.fill('#f-vaccineDoses', '0');
    await step('emergency', '#f-emergencyName');
    await page.fill('#f-emergencyName', '李大明');
    await page.fill('#f-emergencyPhone', '13900139000');
    await page.check('#f-truthful');
    await step('review', 'dl.answers');
    await step('receipt', '.big-number');
    await page.click('main button.primary');
    await look('receipt as a picture', '.picture img');
    await page.click('header a[href="#/submissions"]');
    await look('mine', '.card');
    await page.click('.card');
    await look('detail', 'dl.answers');
    await page.click('.link.bad');
    await look('withdraw', 'button.danger');
    await page.click('button.danger');
    await look('withdrawn', 'main .card, main .note, main p');
    await page.goto('/register/#/forms/visit/steps/visit');
    await look('visit', '#f-at');
    await step('visit with errors', '.summary li');
    await fillVisit(page);
    await look('visit filled in', '.reference .again');
    await step('opinion', '#f-topics');
    await step('opinion with errors', '.summary li');
    await fillOpinion(page);
    await look('opinion filled in', '.chip');
    await step('review of kinds', 'dl.answers');
    await page.goto('/register/#/privacy');
    await look('privacy', 'h1');
    await page.goto('/register/#/phone');
    await look('phone', '#login-phone');
    await page.goto('/register/#/nowhere');
    await look('not found', 'main a');
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillPerson, fillRest, newDevice, next, overflow, startChromium } from './citizen.ts';
import { png } from '../../server/test/pictures.ts';
import { fillOpinion, fillVisit, KINDS_FORM, OFFICE } from './kinds-form.ts';
import { prepared, startSite, type Site } from './server.ts';

/** Pages on the narrowest phones, with the largest text, and in elder mode. */
let site: Site;
let chromium: Browser;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('healthDeclaration');
  await site.publishForm('visit', KINDS_FORM);
  prepared(await site.chief.post('/api/system/organisations', { name: OFFICE, parent: null, region: null }));
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/** From the first screen to the list, looking at each. */
async function walk(page: Page, look: (screen: string) => Promise<void>, passport: string): Promise<void> {
  await page.goto('/register/');
  await page.waitForSelector('.card');
  await look('forms');
  await page.click('.card[href="#/forms/healthDeclaration"]');
  await page.waitForSelector('main a.primary');
  await look('start');
  await page.click('main a.primary');
  await page.waitForSelector('#f-name');
  await next(page);
  await page.waitForSelector('.summary li');
  await look('errors');
  await fillPerson(page);
  await page.selectOption('#f-document-type', 'passport');
  await page.fill('#f-document', passport);
  await look('person');
  await next(page);
  await page.waitForSelector('#f-travelled');
  await page.check('#f-travelled');
  await look('contact');
  await fillRest(page);
  await look('review');
  await next(page);
  await page.waitForSelector('.big-number');
  await look('receipt');
  await page.goto('/register/#/submissions');
  await page.waitForSelector('.card');
  await look('mine');
  await page.click('.card');
  await page.waitForSelector('dl.answers');
  await look('detail');
  await page.goto('/register/#/login');
  await page.waitForSelector('#login-phone');
  await look('login');
  await page.goto('/register/#/phone');
  await page.waitForSelector('#login-phone');
  await look('phone');
  await page.goto('/register/#/privacy');
  await page.waitForSelector('main p');
  await look('privacy');
}

/** The kinds that come later, with a file whose name is long. */
async function walkKinds(page: Page, look: (screen: string) => Promise<void>): Promise<void> {
  await page.goto('/register/#/forms/visit/steps/visit');
  await page.waitForSelector('#f-at');
  await next(page);
  await page.waitForSelector('.summary li');
  await look('visit with errors');
  await fillVisit(page);
  await page.setInputFiles('#f-photo', {
    name: '二〇二六年十一月在行政服务中心大厅拍的照片-IMG20261121.png',
    mimeType: 'image/png',
    buffer: png(),
  });
  await page.waitForSelector('.files li img');
  await look('visit');
  await next(page);
  await page.waitForSelector('#f-topics');
  await fillOpinion(page);
  await look('opinion');
  await next(page);
  await page.waitForSelector('dl.answers');
  await look('review of kinds');
}

it.each(['zh-CN', 'en'])(
  'nothing needs to be scrolled sideways at 320 px with text of 200 percent (%s)',
  async (language) => {
    const { page, context, faults } = await newDevice(
      chromium,
      site,
      language === 'en' ? '13900000301' : '13900000302',
      {
        viewport: { width: 320, height: 640 },
      },
    );
    await context.addInitScript((chosen) => {
      localStorage.setItem('dengji.locale', JSON.stringify(chosen));
      sessionStorage.setItem('dengji.scale', '2');
    }, language);
    const wide: string[] = [];
    const look = async (screen: string) => {
      expect(await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize))).toBe(32);
      for (const width of [320, 360]) {
        await page.setViewportSize({ width, height: 640 });
        const over = await overflow(page);
        if (over > 0) wide.push(`${screen} at ${width} px: ${over} px: ${await page.evaluate(findWide)}`);
      }
    };
    await walk(page, look, language === 'en' ? 'E20000001' : 'E20000002');
    await walkKinds(page, look);
    expect(wide).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  },
);

it('in elder mode text has 18 px or more, lines 1.3, and whatever is pressed 60 px', async () => {
  const { page, context } = await newDevice(chromium, site, '13900000303');
  await context.addInitScript(() => localStorage.setItem('dengji.elder', 'true'));
  const small = new Set<string>();
  const look = async (screen: string) => {
    for (const one of await page.evaluate(findSmall)) small.add(`${screen}: ${one}`);
    expect(await overflow(page), screen).toBe(0);
  };
  await walk(page, look, 'E20000003');
  await walkKinds(page, look);
  expect([...small]).toEqual([]);
  await context.close();
});

/** Runs in the page: the innermost element that sticks out. */
function findWide(): string {
  const all = [...document.querySelectorAll('body *')];
  const out = all.filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth);
  return out.length ? out[out.length - 1]!.outerHTML.slice(0, 120) : '';
}

/** Runs in the page: what is too small for elder mode. */
function findSmall(): string[] {
  const found: string[] = [];
  const name = (element: Element) => element.outerHTML.slice(0, 80);
  const seen = (element: Element) => {
    const { width, left } = element.getBoundingClientRect();
    return width > 0 && left > -1000;
  };
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim());
    if (!own || !seen(element)) continue;
    const { fontSize, lineHeight } = getComputedStyle(element);
    const size = parseFloat(fontSize);
    if (size < 18) found.push(`text ${fontSize}: ${name(element)}`);
    if (parseFloat(lineHeight) < size * 1.3 - 0.1) found.push(`line ${lineHeight}: ${name(element)}`);
  }
  for (const element of document.querySelectorAll('a, button, select, textarea, input, .choice, label.option')) {
    if (!seen(element)) continue;
    // A link within a sentence, and a box whose whole line is pressed.
    if (element.tagName === 'A' && getComputedStyle(element).display === 'inline') continue;
    const target = element.matches('[type=radio], [type=checkbox]')
      ? (element.closest('label') ?? element.parentElement!)
      : element;
    const { height } = target.getBoundingClientRect();
    if (height < 59.5) found.push(`target ${Math.round(height)} px: ${name(target)}`);
  }
  return found;
}

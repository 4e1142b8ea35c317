import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { logInCitizen } from '../../server/test/logins.ts';
import type { Site } from './server.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Chromium of this machine; CHROMIUM names another. */
export const CHROMIUM = { executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium', args: ['--no-sandbox'] };

export const startChromium = (): Promise<Browser> => chromium.launch(CHROMIUM);

export interface Device {
  context: BrowserContext;
  page: Page;
  /** What went wrong in the page without anybody seeing it. */
  faults: string[];
}

/** A phone (375 px) in Chinese; with `phone` that citizen is logged in on it. */
export async function newDevice(
  browser: Browser,
  site: Site,
  phone?: string,
  options: BrowserContextOptions = {},
): Promise<Device> {
  const context = await browser.newContext({
    viewport: { width: 375, height: 760 },
    locale: 'zh-CN',
    baseURL: site.baseUrl,
    ...options,
  });
  context.setDefaultTimeout(30_000);
  if (phone) await logInDevice(context, site, phone);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // The browser itself reports every answer that is not 2xx.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  return { context, page, faults };
}

/** Logs a citizen in without the pages. Turns the clock by a minute: the pause between two codes for one phone. */
export async function logInDevice(context: BrowserContext, site: Site, phone: string): Promise<void> {
  site.clock.advance(61_000);
  const { cookies } = await logInCitizen(site.app, site.sentCodes, phone);
  for (const [name, value] of cookies) await context.addCookies([{ name, value, url: site.baseUrl }]);
}

/** Waits until nothing moves, in the page: colours must not be measured in the middle of a change. */
async function still(): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (;;) {
    // A change begins a frame after its cause, and Vue's transitions take one more.
    for (let n = 0; n < 3; n += 1) await frame();
    const moving = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(Number(effect?.getComputedTiming().endTime)));
    if (moving.length === 0) return;
    await Promise.all(moving.map((animation) => animation.finished.catch(() => null)));
  }
}

/** What axe finds, as `rule: element`. Its script is brought in by the test's own isolated world, so the CSP stays as it is. All rules unless `rules` names some. */
export async function axe(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(still);
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const run = async (expression: string) =>
    (
      await session.send('Runtime.evaluate', {
        expression,
        contextId: executionContextId,
        awaitPromise: true,
        returnByValue: true,
      })
    ).result.value as unknown;
  await run(`${axeSource};0`);
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  const found = await run(
    `axe.run(document, ${options}).then(({ violations }) => violations.flatMap((rule) => rule.nodes.map((node) => rule.id + ": " + node.html.slice(0, 200))))`,
  );
  await session.detach();
  if (!Array.isArray(found)) throw new Error('axe did not run');
  return found as string[];
}

/** How far the page can be scrolled sideways, in px; 0 is right. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Fills a date's three numbers. */
export async function fillDay(page: Page, id: string, day: string): Promise<void> {
  const [year = '', month = '', date = ''] = day.split('-');
  await page.fill(`#${id}`, year);
  await page.fill(`#${id}-month`, month);
  await page.fill(`#${id}-day`, date);
}

/** Presses the step's button. */
export const next = (page: Page): Promise<void> => page.click('main button.primary');

/** Fills the first step of the demo's form. */
export async function fillPerson(page: Page, name = '李小明'): Promise<void> {
  await page.fill('#f-name', name);
  await page.fill('#f-document', '440305 19900307 1236');
  await page.check('#f-gender');
  await fillDay(page, 'f-birthDate', '1990-03-07');
  await page.fill('#f-phone', '138 0013 8000');
  await page.selectOption('#f-region', '440000');
  await page.selectOption('#f-region-2', '440300');
  await page.selectOption('#f-region-3', '440305');
  await page.selectOption('#f-stay', '110000');
  await page.selectOption('#f-stay-3', '110105');
  await page.fill('#f-stay-detail', '建国路 88 号院 3 号楼 1602');
}

/** Fills the rest of the demo's form for somebody healthy who has not travelled, up to the review page. */
export async function fillRest(page: Page): Promise<void> {
  await page.check('#f-travelled-no');
  await page.check('#f-contact-no');
  await next(page);
  await page.check('#f-chronic-no');
  await next(page);
  await page.fill('#f-vaccineDoses', '0');
  await next(page);
  await page.fill('#f-emergencyName', '李大明');
  await page.fill('#f-emergencyPhone', '13900139000');
  await page.check('#f-truthful');
  await next(page);
  await page.waitForSelector('dl.answers');
}

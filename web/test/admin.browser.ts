import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD } from '../../server/test/logins.ts';
import { axe, newDevice, overflow, startChromium } from './citizen.ts';
import { recordReleases } from './releases.ts';
import { startSite, type Site } from './server.ts';

let site: Site;
let chromium: Browser;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  await site.publishForm('healthDeclaration');
  await site.chief.post('/api/business/people', {
    name: '王小红',
    phone: '13800138000',
    document: { type: 'passport', number: 'E12345678' },
  });
  await recordReleases(site);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

const PLACES = {
  business: [
    '/',
    '/people',
    '/people/new',
    '/submissions',
    '/submissions/new',
    '/forms',
    '/forms/healthDeclaration',
    '/imports',
    '/imports/new',
    '/tasks',
    '/exports',
  ],
  system: [
    '/accounts',
    '/accounts/new',
    '/roles',
    '/organisations',
    '/modules',
    '/audit',
    '/jobs',
    '/jobs/dead',
    '/jobs/expired-drafts',
    '/releases',
    '/releases/20261121-100000-4f1c2d9',
  ],
};

/** Logs in at `path` by the page itself; the deep link is where it ends. */
async function logIn(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.fill('input[autocomplete=username]', 'chief');
  await page.fill('input[autocomplete=current-password]', PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.pathname === path);
}

for (const [width, colorScheme, locale] of [
  [1280, 'light', 'zh-CN'],
  [375, 'dark', 'en'],
] as const) {
  it(
    `shows every place of both backends without a fault (${width} px, ${colorScheme}, ${locale})`,
    { timeout: 300_000 },
    async () => {
      const { page, context, faults } = await newDevice(chromium, site, undefined, {
        viewport: { width, height: 800 },
        colorScheme,
        locale,
        reducedMotion: 'reduce',
      });
      await logIn(page, '/business/people');
      const seen: string[] = [];
      for (const [app, paths] of Object.entries(PLACES))
        for (const path of paths) {
          await page.goto(`/${app}${path}`);
          await page.waitForSelector('h1');
          await page.waitForLoadState('networkidle');
          seen.push(...(await axe(page)).map((each) => `${app}${path} ${each}`));
          expect(await overflow(page), app + path).toBe(0);
        }
      expect(seen).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    },
  );
}

it('shows a hidden number only for a reason, and keeps the number out of the address', async () => {
  const { page, context } = await newDevice(chromium, site, undefined, { viewport: { width: 1280, height: 800 } });
  await logIn(page, '/business/people');
  await page.fill('.search input', '138 0013 8000');
  await page.keyboard.press('Enter');
  await page.click('[data-row="0"] button');
  await page.waitForSelector('.side-panel .masked');
  expect(page.url()).not.toContain('13800138000');
  expect(await page.textContent('.side-panel')).not.toContain('13800138000');
  await page.click('.side-panel .masked:has-text("138****8000") button');
  await page.fill('.app-dialog input', '电话核实身份');
  await page.click('.app-dialog .el-button--primary');
  await expect.poll(() => page.textContent('.side-panel')).toContain('13800138000');
  const audit = await site.chief.get('/api/system/audit?action=person.revealed');
  expect((audit.body as { items: unknown[] }).items).toHaveLength(1);
  await context.close();
});

it('warns before changes are lost and saves with Ctrl-S', async () => {
  const { page, context } = await newDevice(chromium, site, undefined, { viewport: { width: 1280, height: 800 } });
  await logIn(page, '/business/people/new');
  await page.fill('[data-field=name] input', '赵新');
  await page.click('nav a[href="/business/forms"]');
  await page.click('.app-dialog .el-button--primary');
  expect(new URL(page.url()).pathname).toBe('/business/people/new');
  await page.keyboard.press('Control+s');
  await page.waitForURL(/\/people\/[0-9a-f]{24}$/);
  await context.close();
});

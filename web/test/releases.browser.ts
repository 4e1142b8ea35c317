import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { overflow, startChromium } from './citizen.ts';
import { recordReleases, type Releases } from './releases.ts';
import { startSite, type Site } from './server.ts';
import { newDesk, press } from './staff.ts';

let site: Site;
let chromium: Browser;
let releases: Releases;

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSite(), startChromium()]);
  releases = await recordReleases(site);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

it('shows what was released, and of each what happened on which host', async () => {
  const { page, context, faults } = await newDesk(chromium, site, 'chief');
  await page.goto('/system/releases');
  await expect.poll(() => page.locator('tr[data-row]').count()).toBe(5);
  const rows = await page.locator('tr[data-row]').allTextContents();
  expect(rows.find((row) => row.includes('v2.7.0'))).toMatch(/完成.*4f1c2d9.*li\.lei.*host1、host2/);
  expect(rows.find((row) => row.includes('v2.8.0'))).toMatch(/部署中.*han\.mei.*1\/2 台完成.*进行中/);
  expect(rows.find((row) => row.includes('v2.6.4'))).toContain('回滚');
  expect(rows.find((row) => row.includes('evening'))).toContain('等待批准');
  await page.getByRole('button', { name: 'v2.7.1' }).click();
  await page.waitForURL(new RegExp(`/system/releases/${releases.failed}$`));
  const panel = page.locator('.side-panel');
  await panel.getByText('smoke: GET /api/citizen/forms answered 500').first().waitFor();
  const host = panel.locator('[data-stage=host1]');
  expect(await host.locator('li').allTextContents()).toHaveLength(8);
  expect(await host.textContent()).toMatch(/失败.*等待请求处理完.*9\.9 秒.*冒烟测试/s);
  expect(await panel.locator('.log').textContent()).toContain('in flight: node 0, nginx 0');
  expect(await panel.getByRole('button', { name: '批准' }).count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});

it('another person approves what waits; who works on it can’t', async () => {
  await site.staff({ name: 'li.lei', can: ['release.read', 'release.approve'] });
  const own = await newDesk(chromium, site, 'li.lei');
  await own.page.goto(`/system/releases/${releases.waiting}`);
  await own.page.getByText('您不能批准自己参与的发布').waitFor();
  expect(await own.page.getByRole('button', { name: '批准', exact: true }).count()).toBe(0);
  await own.context.close();

  const { page, context, refused, faults } = await newDesk(chromium, site, 'chief');
  await page.goto('/system/releases?view=waiting');
  await expect.poll(() => page.locator('tr[data-row]').count()).toBe(1);
  await page.locator('tr[data-row] button').first().click();
  await page.locator('.side-panel').getByRole('button', { name: '批准', exact: true }).click();
  await page.getByText('release/2026-11-evening-window (4f1c2d9)').waitFor();
  await press(page, '批准');
  await page.getByText(/^chief · /).waitFor();
  await expect.poll(() => page.locator('tr[data-row]').count()).toBe(0);
  await expect.poll(() => page.getByRole('button', { name: '批准', exact: true }).count()).toBe(0);
  const { body } = await site.chief.get(`/api/system/releases/${releases.waiting}`);
  expect(body).toMatchObject({ state: 'approved', approval: { by: 'chief', waiting: false } });
  expect([refused, faults]).toEqual([[], []]);
  await context.close();
});

it('follows a release that is under way, and needs no width', async () => {
  const { page, context } = await newDesk(chromium, site, 'chief', { viewport: { width: 375, height: 800 } });
  await page.goto(`/system/releases/${releases.moving}`);
  const panel = page.locator('.side-panel');
  await panel.locator('[data-stage=host2] li').nth(1).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await panel.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  site.clock.advance(1_000);
  const { createDeployer } = await import('../../server/test/fakes/deployer.ts');
  const deployer = createDeployer({
    origin: site.baseUrl,
    secret: site.deps.config.deploySecret!,
    clock: () => site.clock(),
  });
  const told = await deployer
    .release(releases.moving, { by: 'han.mei' })
    .tell('failed', { seq: 99, host: 'host2', message: 'operator gone' });
  expect(told.status).toBe(200);
  await expect.poll(() => panel.locator('.fault').textContent()).toContain('operator gone');
  await context.close();
});

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newDevice, next, startChromium } from './citizen.ts';
import { ORIGIN, pageOf, servePages, waitForVersion } from './pages.ts';
import { startSiteWithWechat, type WechatSite } from './server.ts';
import { shellOptions, startShell } from './shell.ts';

/** What the page asks for before its app runs: once, of this citizen, and only by a page that stays. */
let site: WechatSite;
let chromium: Browser;
const FORM = '/api/citizen/forms/healthDeclaration';
const FIRST_STEP = '/register/#/forms/healthDeclaration/steps/person';

beforeAll(async () => {
  [site, chromium] = await Promise.all([startSiteWithWechat(), startChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/** The API's paths in the order in which the page asks for them, and its files. */
function watch(page: Page): { asked: string[]; files: string[] } {
  const seen = { asked: [] as string[], files: [] as string[] };
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/')) seen.asked.push(`${request.method()} ${pathname}`);
    if (pathname.startsWith('/assets/')) seen.files.push(pathname);
  });
  return seen;
}

/** The app's own code comes only when `until` is true. */
async function holdApp(context: BrowserContext, until: () => boolean): Promise<void> {
  await context.route('**/assets/citizen/vue-*.js', async (route) => {
    await expect.poll(until, { interval: 20 }).toBe(true);
    await route.continue();
  });
}

it('a step of the form: data and files come while the app is still on its way, and nothing is asked for twice', async () => {
  const { page, context, faults } = await newDevice(chromium, site, '13900000301');
  const { asked, files } = watch(page);
  const early = [`GET ${FORM}`, 'GET /api/citizen/session', `GET ${FORM}/draft`];
  await holdApp(
    context,
    () => early.every((call) => asked.includes(call)) && files.some((file) => /\/form-/.test(file)),
  );
  await page.goto(FIRST_STEP);
  await page.waitForSelector('#f-name');
  expect(asked.filter((call) => early.includes(call)).toSorted()).toEqual(early.toSorted());
  expect(files.toSorted()).toEqual([...new Set(files)].toSorted());
  expect(faults).toEqual([]);
  await context.close();
});

it('the first screen: the list of forms, the only one among them, and who is logged in', async () => {
  const { page, context } = await newDevice(chromium, site, '13900000302');
  const { asked } = watch(page);
  const early = ['GET /api/citizen/forms', 'GET /api/citizen/session', `GET ${FORM}`];
  await holdApp(context, () => asked.length === 3);
  await page.goto('/register/');
  await page.waitForSelector('main a.primary');
  expect(asked.toSorted()).toEqual([...early, `GET ${FORM}/draft`].toSorted());
  await context.close();
});

it('with a ticket of the shell: what is a citizen’s own is asked for when the ticket is spent', async () => {
  const { page, context } = await newDevice(chromium, site, undefined, shellOptions);
  const shell = await startShell(context, page, site, site.wechat, 'openid-ahead-1');
  const { asked } = watch(page);
  await holdApp(context, () => asked.includes(`GET ${FORM}`));
  await shell.open('/forms/healthDeclaration/steps/person');
  await page.waitForSelector('#f-name');
  const own = asked.filter((call) => /session|draft/.test(call));
  expect(own).toEqual(['POST /api/citizen/session/ticket', `GET ${FORM}/draft`]);
  expect(asked.filter((call) => call === `GET ${FORM}`).length).toBe(1);
  await context.close();
});

it('somebody who logs in on the way gets their own draft, not the answer from before', async () => {
  const phone = '13900000303';
  const one = await newDevice(chromium, site, phone);
  await one.page.goto(FIRST_STEP);
  await one.page.fill('#f-name', '李小明');
  await expect.poll(() => one.page.textContent('.saved')).toMatch(/^已保存/);
  await one.context.close();
  site.clock.advance(61_000);
  const { page, context } = await newDevice(chromium, site);
  await page.goto(FIRST_STEP);
  await page.fill('#login-phone', phone);
  await next(page);
  await page.waitForSelector('#login-code');
  await page.fill('#login-code', (await site.sentCodes(phone)).at(-1)!);
  await expect.poll(() => page.inputValue('#f-name').catch(() => '')).toBe('李小明');
  await context.close();
});

it('what came to nothing is asked for again by the app', async () => {
  const { page, context, faults } = await newDevice(chromium, site, '13900000304');
  const tries = new Map<string, number>();
  await context.route('**/api/citizen/**', (route) => {
    const { pathname } = new URL(route.request().url());
    const count = (tries.get(pathname) ?? 0) + 1;
    tries.set(pathname, count);
    if (count > 1 || pathname.endsWith('/regions')) return route.continue();
    return pathname.endsWith('/session') ? route.abort() : route.fulfill({ status: 503, body: '{}' });
  });
  await holdApp(context, () => tries.size === 3);
  await page.goto(FIRST_STEP);
  await page.waitForSelector('#f-name');
  expect([...tries.values()].slice(0, 3)).toEqual([2, 2, 2]);
  expect(faults).toEqual([]);
  await context.close();
});

it('a page that is about to load itself anew asks for nothing', async () => {
  const context = await chromium.newContext(shellOptions);
  await waitForVersion(context);
  const events: string[] = [];
  await servePages(context, (url) => {
    events.push(`load ${url.searchParams.get('v')}`);
    return pageOf(url.searchParams.get('v') ?? 'old');
  });
  await context.route(`${ORIGIN}/version.json?*`, (route) => route.fulfill({ json: { build: 'new' } }));
  const page = await context.newPage();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/')) events.push(pathname);
  });
  await page.goto(`${ORIGIN}/register/`, { waitUntil: 'commit' });
  await expect.poll(() => events.length).toBeGreaterThan(2);
  await page.waitForSelector('h1');
  expect(events.slice(0, 3)).toEqual(['load null', 'load new', '/api/citizen/forms']);
  await context.close();
});

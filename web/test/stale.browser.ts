import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from './citizen.ts';
import { ORIGIN, pageOf, servePages, waitForVersion } from './pages.ts';
import { shellOptions } from './shell.ts';

/**
 * Caches of WebViews as they were met, each with pages as old as they were met: a start must heal itself with one reload at
 * most, keep what the shell said, and spend the ticket only when no reload can come any more.
 */
let chromium: Browser;

beforeAll(async () => {
  chromium = await startChromium();
});
afterAll(() => chromium?.close());

const NOW = 'r20';
const NONCE = '0123456789abcdef0123456789abcdef';
const ENTRY = `#t=dGlja2V0LW9mLTEyOC1iaXRz&n=${NONCE}&s=2`;

/** What is in the cache when the shell opens the page. */
const AGES = { fresh: 'r20', 'one release old': 'r19', 'ten releases old': 'r10' } as const;

/** `opens` is the query by which the shell opens the page; `cached` says which URLs the cache answers, with the old page. */
interface Cache {
  opens: (age: string) => string;
  cached: (url: URL, opened: string) => boolean;
  storage: boolean;
}
const sameUrl = (url: URL, opened: string) => url.search === opened;
const CACHES: Record<string, Cache> = {
  'that keeps nothing': { opens: () => `?v=${NOW}`, cached: () => false, storage: true },
  'that is stale by URL': { opens: () => '', cached: sameUrl, storage: true },
  'that is stale by URL with an old v': { opens: (age) => `?v=${age}`, cached: sameUrl, storage: true },
  'that is stale for ever': { opens: () => `?v=${NOW}`, cached: () => true, storage: true },
  'that is stale by URL, without sessionStorage': { opens: (age) => `?v=${age}`, cached: sameUrl, storage: false },
  'that is stale for ever, without sessionStorage': { opens: () => `?v=${NOW}`, cached: () => true, storage: false },
};

interface Start {
  context: BrowserContext;
  page: Page;
  /** Addresses under which the page was loaded. */
  loads: string[];
  /** What happened, in order: `load r19`, `ticket`. */
  events: string[];
  /** Files that were not there. */
  missing: string[];
}

interface Served {
  html: (url: URL, opened: string) => string;
  version: () => string;
  opens: string;
  storage: boolean;
}

async function start({ html, version, opens, storage }: Served): Promise<Start> {
  const context = await chromium.newContext({ locale: 'zh-CN', ...shellOptions });
  await waitForVersion(context);
  const loads: string[] = [];
  const events: string[] = [];
  const missing: string[] = [];
  await servePages(context, (url) => {
    const body = html(url, opens);
    loads.push(url.href);
    events.push(`load ${/data-build="([^"]*)"/.exec(body)![1]}`);
    return body;
  });
  await context.route(`${ORIGIN}/version.json?*`, (route) => route.fulfill({ json: { build: version() } }));
  await context.route(`${ORIGIN}/api/citizen/session/ticket`, (route) => {
    events.push('ticket');
    return route.fulfill({ json: { accountId: 'a1', phone: null } });
  });
  if (!storage)
    await context.addInitScript(() =>
      Object.defineProperty(window, 'sessionStorage', {
        get() {
          throw new Error('denied');
        },
      }),
    );
  const page = await context.newPage();
  page.on('response', (response) => {
    if (response.status() === 404) missing.push(response.url());
  });
  await page.goto(`${ORIGIN}/register/${opens}${ENTRY}`, { waitUntil: 'commit' });
  return { context, page, loads, events, missing };
}

const ended = ({ events }: Start) => expect.poll(() => events.includes('ticket'), { interval: 20 }).toBe(true);

describe.each(Object.entries(CACHES))('a cache %s', (_name, cache) => {
  it.each(Object.entries(AGES))('%s: at most one reload, and the ticket is spent once, after it', async (_age, age) => {
    const opens = cache.opens(age);
    const began = await start({
      opens,
      storage: cache.storage,
      html: (url, opened) => pageOf(cache.cached(url, opened) ? age : NOW),
      version: () => NOW,
    });
    await ended(began);
    const stale = age !== NOW && cache.cached(new URL(`${ORIGIN}/register/${opens}`), opens);
    const forEver = cache.cached(new URL(`${ORIGIN}/register/?other`), opens);
    expect(began.events).toEqual(
      stale ? [`load ${age}`, `load ${forEver ? age : NOW}`, 'ticket'] : [`load ${NOW}`, 'ticket'],
    );
    if (stale) expect(began.loads[1]).toMatch(/\/register\/\?v=r20&r=\d+$/);
    expect(began.missing).toEqual([]);
    expect(began.page.url()).not.toContain('ticket');
    expect(new URL(began.page.url()).hash).toBe('');
    await began.context.close();
  });

  it('half updated: hosts of two releases answer in turn, and that is no loop', async () => {
    for (const first of [0, 1]) {
      let asked = first;
      let served = first;
      const began = await start({
        opens: cache.opens('r19'),
        storage: cache.storage,
        html: (url, opened) => pageOf(cache.cached(url, opened) || served++ % 2 ? 'r19' : NOW),
        version: () => (asked++ % 2 ? NOW : 'r19'),
      });
      await ended(began);
      expect(began.loads.length).toBeLessThanOrEqual(2);
      expect(began.events.filter((event) => event === 'ticket').length).toBe(1);
      await began.context.close();
    }
  });

  it('the files of the old page are gone: one reload, and if that can not help the page says what to do', async () => {
    const gone = (build: string) => pageOf(build).replace(/(\/assets\/citizen\/register)-[\w-]+\.js/, '$1-gone.js');
    const opens = cache.opens('r10');
    const began = await start({
      opens,
      storage: cache.storage,
      html: (url, opened) => (cache.cached(url, opened) ? gone('r10') : pageOf(NOW)),
      version: () => NOW,
    });
    if (cache.cached(new URL(`${ORIGIN}/register/?other`), opens)) {
      await began.page.waitForSelector('html.stuck .slow', { state: 'visible' });
      expect(await began.page.textContent('.slow')).toContain('请检查网络后刷新');
      expect(began.events).toEqual(['load r10', 'load r10']);
    } else await ended(began);
    expect(began.loads.length).toBeLessThanOrEqual(2);
    await began.context.close();
  });
});

it('waits for the version no longer than a second, and then goes on', async () => {
  const context = await chromium.newContext(shellOptions);
  const events: string[] = [];
  await servePages(context, () => pageOf(NOW));
  await context.route(`${ORIGIN}/version.json?*`, () => void events.push('asked'));
  await context.route(`${ORIGIN}/api/citizen/session/ticket`, (route) => {
    events.push('ticket');
    return route.fulfill({ json: { accountId: 'a1', phone: null } });
  });
  const page = await context.newPage();
  await page.goto(`${ORIGIN}/register/${ENTRY}`);
  await expect.poll(() => events).toEqual(['asked', 'ticket']);
  await context.close();
});

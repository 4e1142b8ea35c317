import type { Browser, CDPSession } from 'playwright-core';

/** A network as the tools of browsers simulate it: latency a request, bytes a second. */
export interface Network {
  name: 'slow3g' | 'slow4g';
  latency: number;
  down: number;
  up: number;
  /** How much slower than this machine the phone's processor is. */
  cpu: number;
}

export const NETWORKS: Network[] = [
  { name: 'slow3g', latency: 400, down: 400_000 / 8, up: 400_000 / 8, cpu: 4 },
  { name: 'slow4g', latency: 150, down: 1_600_000 / 8, up: 750_000 / 8, cpu: 1 },
];

export interface Load {
  /** Largest Contentful Paint, ms after the navigation began. */
  lcp: number;
  /** ms until the control that one begins with is there and the main thread has come to rest after it. */
  ready: number;
  /** KB of 1,000 bytes over the network, compressed, until then. */
  js: number;
  css: number;
  html: number;
}

/** What the browser tells of its paints and long tasks, from the beginning. */
const WATCH = `
  window.__lcp = 0; window.__busy = 0;
  new PerformanceObserver(function (list) { list.getEntries().forEach(function (e) { window.__lcp = e.startTime; }); })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver(function (list) { list.getEntries().forEach(function (e) { window.__busy = e.startTime + e.duration; }); })
    .observe({ type: 'longtask', buffered: true });
`;

/** Loads a page once with an empty cache. `control`: what one begins with; a page is ready when no task longer than 50 ms comes after it. */
export async function load(browser: Browser, url: string, control: string, network: Network): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 375, height: 760 }, locale: 'zh-CN' });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: network.latency,
      downloadThroughput: network.down,
      uploadThroughput: network.up,
    });
    await session.send('Emulation.setCPUThrottlingRate', { rate: network.cpu });
    await page.addInitScript(WATCH);
    const sizes = countBytes(session);
    await page.goto(url, { timeout: 120_000, waitUntil: 'commit' });
    await page.waitForSelector(control, { timeout: 120_000 });
    const there = await page.evaluate(() => performance.now());
    await page.waitForLoadState('networkidle', { timeout: 120_000 });
    const { lcp, busy } = await page.evaluate(() => {
      const seen = window as unknown as { __lcp: number; __busy: number };
      return { lcp: seen.__lcp, busy: seen.__busy };
    });
    // Work after the control came belongs to it; what is fetched ahead much later does not.
    return { lcp, ready: busy > there && busy < there + 1000 ? busy : there, ...sizes() };
  } finally {
    await context.close();
  }
}

function countBytes(session: CDPSession): () => Pick<Load, 'js' | 'css' | 'html'> {
  const kinds = new Map<string, string>();
  const sums: Record<string, number> = { Script: 0, Stylesheet: 0, Document: 0 };
  session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? '';
    if (kind in sums) sums[kind]! += encodedDataLength / 1000;
  });
  return () => ({ js: sums['Script']!, css: sums['Stylesheet']!, html: sums['Document']! });
}

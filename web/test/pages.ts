import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type Koa from 'koa';
import type { BrowserContext, Route } from 'playwright-core';
import { setSecurityHeaders } from '../../server/src/http/security-headers.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** A site that only a test's browser knows: every request is answered by the test. */
export const ORIGIN = 'https://pages.test';

/** The built page, as a release of this name would serve it. */
export const pageOf = (build: string): string =>
  readFileSync(`${dist}/register/index.html`, 'utf8').replace(/data-build="[^"]*"/, `data-build="${build}"`);

/** The headers that the server sends with a citizens' page. */
export function pageHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const res = { setHeader: (name: string, value: string) => (headers[name] = value) };
  setSecurityHeaders({ res, path: '/register/' } as unknown as Koa.Context, 'page', true);
  return headers;
}

/** Pages wait for the answer to `/version.json` without end, not for a second: a machine that stands still is no answer. */
export const waitForVersion = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => Object.defineProperty(XMLHttpRequest.prototype, 'timeout', { value: 0, writable: true }));

/** Answers what is not answered by the test itself: files of the build, and an API that has nothing and knows nobody. */
export async function servePages(context: BrowserContext, html: (url: URL) => string): Promise<void> {
  const json = (body: unknown, status = 200) => ({
    status,
    contentType: 'application/json',
    body: JSON.stringify(body),
  });
  await context.route(`${ORIGIN}/**`, async (route: Route) => {
    const url = new URL(route.request().url());
    const file = `${dist}${url.pathname}`;
    if (url.pathname === '/register/')
      return route.fulfill({ headers: { ...pageHeaders(), 'Content-Type': 'text/html' }, body: html(url) });
    if (url.pathname.startsWith('/assets/'))
      return route.fulfill(existsSync(file) ? { path: file } : { status: 404, body: '' });
    if (url.pathname === '/api/citizen/forms') return route.fulfill(json({ items: [] }));
    return route.fulfill(json({ code: 'unauthenticated' }, 401));
  });
}

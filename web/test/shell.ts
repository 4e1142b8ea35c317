import type { BrowserContext, Page } from 'playwright-core';
import { entryFragment, readMessage, readRequest, resultFragment } from '../../miniapp/contract/contract.ts';
import type { FakeWechat } from '../../server/test/fakes/wechat.ts';
import type { Site } from './server.ts';

/**
 * The mini-program's shell as far as a page can tell: the `wx` that WeChat gives to pages, and answers by the page's fragment. It reads
 * what pages say with the shell's own contract, and logs in at the real server with codes of a fake WeChat.
 */
export interface Shell {
  context: BrowserContext;
  /** The WebView; another one after `kill`. */
  readonly page: Page;
  /** What the page asked for, in order: `login /register/#/forms/a`. */
  asked: string[];
  /** Messages for the share card. */
  shared: unknown[];
  /** What the scanner reads next; null: the citizen leaves it. */
  scans(code: string | null): void;
  /** What WeChat's phone component gives next. */
  phones(code: string | null): void;
  /** Opens a page as the shell does after a tap on a module: with a new ticket. */
  open(place?: string, options?: { elder?: boolean; fontScale?: number }): Promise<void>;
  /** The citizen's way back to the shell's home page. */
  leave(): Promise<void>;
  /** The phone kills the process without a word: nothing of the page runs any more, and cookies of the session are forgotten. */
  kill(): Promise<void>;
}

const NONCE = 'abcdef0123456789abcdef0123456789';
const USER_AGENT =
  'Mozilla/5.0 (Linux; Android 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8.0 miniProgram/wx0';

export const shellOptions = { userAgent: USER_AGENT, viewport: { width: 375, height: 700 } };

/** Turns a device's context into a phone with the mini-program, in which `openid` is logged in to WeChat. */
export async function startShell(
  context: BrowserContext,
  first: Page,
  site: Site,
  wechat: FakeWechat,
  openid: string,
): Promise<Shell> {
  const asked: string[] = [];
  const shared: unknown[] = [];
  let page = first;
  let scan: string | null = null;
  let phone: string | null = null;

  const shell: Shell = {
    context,
    get page() {
      return page;
    },
    asked,
    shared,
    scans: (code) => (scan = code),
    phones: (code) => (phone = code),
    async open(place = '', options = {}) {
      const answer = await context.request.post(`${site.baseUrl}/api/citizen/wechat/login`, {
        headers: { 'X-Requested-With': 'dengji', Origin: site.baseUrl },
        data: { code: wechat.loginCode(openid), path: '/register/', nonce: NONCE },
      });
      if (!answer.ok()) throw new Error(`${answer.status()} ${await answer.text()}`);
      const { ticket } = (await answer.json()) as { ticket: string };
      const { fontScale = 1, elder = false } = options;
      const fragment = entryFragment({ ticket, nonce: NONCE, fontScale, elder, place });
      await page.goto('about:blank');
      await page.goto(`${site.baseUrl}/register/?v=shell#${fragment}`, { waitUntil: 'commit' });
    },
    async leave() {
      await page.goto('about:blank');
    },
    async kill() {
      const session = await context.newCDPSession(page);
      const crashed = page.waitForEvent('crash');
      session.send('Page.crash').catch(() => undefined);
      await crashed;
      await page.close();
      await context.clearCookies();
      page = await context.newPage();
    },
  };

  async function hear(url: string): Promise<void> {
    const request = readRequest(url);
    if (!request) return void asked.push(`unknown ${url}`);
    asked.push('path' in request ? `${request.kind} ${request.path}` : request.kind);
    if (request.kind === 'login') return shell.open(request.path.split('#')[1] ?? '');
    if (request.kind !== 'scan' && request.kind !== 'phone') return;
    const data = request.kind === 'scan' ? scan : phone;
    const { kind, nonce } = request;
    const result =
      data === null
        ? { kind, nonce, ok: false as const, fault: 'cancel' as const }
        : { kind, nonce, ok: true as const, data };
    // Only the fragment changes: the page stays as it is.
    await page.evaluate((fragment) => void (location.hash = fragment), resultFragment(result));
  }

  // The page must not wait for the shell: it may be replaced by what it asks for.
  await context.exposeFunction('shellHears', (url: string) => void setTimeout(() => void hear(url), 0));
  await context.exposeFunction('shellShares', (data: unknown) => void shared.push(readMessage(data)));
  await context.addInitScript(() => {
    const host = window as unknown as Record<string, any>;
    const turn = (options: { url: string; success?: () => void }) => {
      host['shellHears'](options.url);
      if (options.success) options.success();
    };
    host['__wxjs_environment'] = 'miniprogram';
    host['wx'] = {
      miniProgram: {
        navigateTo: turn,
        redirectTo: turn,
        navigateBack: () => host['shellHears']('/pages/home/home'),
        postMessage: ({ data }: { data: unknown }) => host['shellShares'](data),
      },
    };
  });
  return shell;
}

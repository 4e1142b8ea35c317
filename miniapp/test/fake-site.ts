/** The site behind the shell, as far as the shell sees it: its modules, single-use tickets, and a page in a web view that keeps the contract. */
import { createHash, randomBytes } from 'node:crypto';
import type { HttpAnswer, HttpRequest } from '../shell/platform.ts';
import { settle, SITE, type Phone } from './fake-wx.ts';

const zh = (text: string) => ({ 'zh-CN': text });

/** As server/src/features/modules answers it. */
export const MODULES = [
  {
    key: 'register',
    title: { 'zh-CN': '健康申报', en: 'Health' },
    text: zh('入境前填写'),
    icon: 'form',
    path: '/register/',
    open: true,
  },
  { key: 'health', title: zh('健康表'), text: zh(''), icon: 'form', path: '/register/#/forms/health', open: true },
  {
    ...{ key: 'booking', title: zh('预约'), text: zh(''), icon: 'calendar', path: '/booking/', open: false },
    notOpenText: zh('12 月 1 日开放'),
  },
];

export interface FakeSite {
  serve(request: HttpRequest): HttpAnswer;
  /** What GET /api/public/modules says; a test changes it. */
  modules: Record<string, any>;
  /** Answers instead of the log-in, while it is set. */
  loginAnswer: HttpAnswer | null;
  /** POST /api/citizen/session/ticket */
  exchange(ticket: string, nonce: string, path: string): boolean;
  requests: HttpRequest[];
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

export function makeSite(): FakeSite {
  const tickets = new Map<string, { path: unknown; nonce: string }>();
  const codes = new Set<unknown>();
  const site: FakeSite = {
    requests: [],
    loginAnswer: null,
    modules: {
      ...{ build: 'r1', maintenance: null, minShell: '1.0.0', items: MODULES },
      ...{
        share: { title: zh('网上登记'), path: '/register/' },
        privacy: { version: '3', path: '/register/#/privacy' },
      },
    },
    serve(request) {
      site.requests.push(request);
      const path = request.url.slice(SITE.length);
      if (path === '/api/public/modules') return { statusCode: 200, data: structuredClone(site.modules) };
      if (path !== '/api/citizen/wechat/login') return { statusCode: 404, data: { code: 'not_found' } };
      if (site.loginAnswer) return site.loginAnswer;
      const { code, path: page, nonce } = request.data as { code: string; path: string; nonce: string };
      // WeChat takes a code once.
      if (codes.has(code)) return { statusCode: 401, data: { code: 'wechat_code' } };
      codes.add(code);
      const ticket = randomBytes(24).toString('base64url');
      tickets.set(hash(ticket), { path: page, nonce: hash(nonce) });
      return { statusCode: 200, data: { ticket, expiresAt: '2026-11-22T00:02:00.000Z' } };
    },
    exchange(ticket, nonce, path) {
      const found = tickets.get(hash(ticket));
      tickets.delete(hash(ticket));
      return found?.path === path && found.nonce === hash(nonce);
    },
  };
  return site;
}

/** The page in the web view. */
export interface WebPage {
  path: string;
  search: string;
  fragment: Map<string, string>;
  loggedIn: boolean;
  /** Asks the shell for a new ticket, as the bridge does. */
  askLogin(): Promise<void>;
  request(url: string, how?: 'navigateTo' | 'redirectTo' | 'reLaunch'): Promise<void>;
}

export const fragmentOf = (src: string): Map<string, string> =>
  new Map(new URLSearchParams(src.split('#')[1] ?? '').entries());

/** Loads what the web view shows, and spends the ticket. */
export async function loadPage(phone: Phone, site: FakeSite): Promise<WebPage> {
  const src = String(phone.top().data.src);
  const url = new URL(src);
  const fragment = fragmentOf(src);
  await phone.top().run('loaded', { detail: { src } });
  const request: WebPage['request'] = (to, how = 'navigateTo') => phone.navigate(how, to);
  return {
    path: url.pathname,
    search: url.search,
    fragment,
    loggedIn: site.exchange(fragment.get('t') ?? '', fragment.get('n') ?? '', url.pathname),
    askLogin: () => request(`/pages/web/web?path=${encodeURIComponent(url.pathname)}&again=1`, 'redirectTo'),
    request,
  };
}

/** Agrees on the privacy page that is open. */
export async function agree(phone: Phone): Promise<void> {
  phone.state.needConsent = false;
  await phone.top().run('agree', { detail: {} });
  await settle();
}

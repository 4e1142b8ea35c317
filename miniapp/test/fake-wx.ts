/**
 * A simulated WeChat: storage, network, consent, camera, and a stack of pages that are the real ones of `miniapp/pages/`, loaded as WeChat
 * loads them (`Page`, `App`, `getApp`, `getCurrentPages` are globals). Whatever is asked is answered in a later microtask.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ConsentAnswer, HttpAnswer, HttpRequest, Platform } from '../shell/platform.ts';
import { createShell, type Shell } from '../shell/shell.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
export const PAGES = (JSON.parse(readFileSync(`${root}/app.json`, 'utf8')) as { pages: string[] }).pages;
export const SITE = 'https://reg.example.cn';

type Handler = (event?: unknown) => unknown;
export type PageDefinition = Record<string, unknown> & { data: Record<string, unknown> };
export interface LivePage {
  route: string;
  data: Record<string, any>;
  /** Calls a handler or a part of the page's life, if it has it. */
  run(name: string, event?: unknown): Promise<unknown>;
}

/** The definition that each page hands to `Page`. */
const definitions = new Map<string, PageDefinition>();

export async function pageDefinitions(): Promise<Map<string, PageDefinition>> {
  for (const route of PAGES.filter((one) => !definitions.has(one))) {
    Object.assign(globalThis, { Page: (definition: PageDefinition) => definitions.set(route, definition) });
    await import(`${root}/${route}.ts`);
  }
  return definitions;
}

export interface PhoneOptions {
  /** Answers the site's API; throws for no network. */
  serve(request: HttpRequest): HttpAnswer | Promise<HttpAnswer>;
  /** Origin of the site; one that nobody answers at unless told. */
  site?: string;
  /** What wx.login gives. */
  loginCode?: () => string;
  /** What the web view of the page on top is to show; '' for nothing. */
  web?: (src: string) => void;
  storage?: Map<string, unknown>;
  version?: string;
  language?: string;
  clock?: () => number;
}

export interface Phone {
  shell: Shell;
  storage: Map<string, unknown>;
  pages: LivePage[];
  /** Every call that could collect something, in order: `login`, `request POST /api/…`, `scanCode`. */
  calls: string[];
  modals: { title: string; content: string }[];
  updates: { ready(): void; failed(): void; applied: number };
  /** What the phone is like; a test changes it. */
  state: {
    online: boolean;
    needConsent: boolean;
    fontScale: number | undefined;
    /** What the camera sees, or WeChat's fault. */
    scan: string | { errMsg: string };
    loginFails: boolean;
    /** Storage that is full, and chance that does not come. */
    broken: boolean;
    confirm: boolean;
  };
  top(): LivePage;
  /** WeChat opens the app at a page, as a tap on its icon or on a card does. */
  launch(url?: string): Promise<void>;
  /** As the page in the web view does it with wx.miniProgram. */
  navigate(how: 'navigateTo' | 'redirectTo' | 'reLaunch', url: string): Promise<void>;
  back(): Promise<void>;
  network(online: boolean): Promise<void>;
  /** WeChat itself wants consent before one of its calls; the promise is the citizen's answer. */
  wechatAsksConsent(): Promise<string>;
}

/** All that was begun has ended: everything here runs in microtasks. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export async function makePhone(options: PhoneOptions): Promise<Phone> {
  const definitionOf = await pageDefinitions();
  const { site = SITE } = options;
  const storage = options.storage ?? new Map<string, unknown>();
  const pages: LivePage[] = [];
  const calls: string[] = [];
  const modals: Phone['modals'] = [];
  const state: Phone['state'] = {
    ...{ online: true, needConsent: true, fontScale: 1, loginFails: false, broken: false, confirm: true },
    scan: 'REG-2026',
  };
  let networkChanged: (state: { isConnected: boolean }) => void = () => undefined;
  let consent: (answer: never) => void = () => undefined;
  const listeners: { ready: Handler; failed: Handler } = { ready: () => undefined, failed: () => undefined };
  const updates = { ready: () => listeners.ready(), failed: () => listeners.failed(), applied: 0 };

  /** Answers as WeChat does: later, by one of two functions. */
  const answer = <T>(
    to: { success?: (result: T) => void; fail?: (fault: { errMsg: string }) => void },
    how: () => T | Promise<T>,
  ) =>
    queueMicrotask(async () => {
      let result: T;
      try {
        result = await how();
      } catch (fault) {
        to.fail?.({ errMsg: (fault as Error).message });
        return;
      }
      to.success?.(result);
    });

  const open = (url: string): LivePage => {
    const [route = '', query = ''] = url.replace(/^\//, '').split('?');
    const definition = definitionOf.get(route);
    if (!definition) throw new Error(`navigateTo:fail page "${route}" is not found`);
    const live = {
      ...definition,
      route,
      data: structuredClone(definition.data),
      setData(patch: Record<string, unknown>) {
        // Only what JSON can say reaches the screen.
        Object.assign(live.data, JSON.parse(JSON.stringify(patch)));
        if (typeof patch['src'] === 'string') options.web?.(patch['src']);
      },
      run: async (name: string, event?: unknown) => {
        const handler = (live as Record<string, unknown>)[name];
        const result = typeof handler === 'function' ? await (handler as Handler).call(live, event) : undefined;
        await settle();
        return result;
      },
    };
    pages.push(live);
    // WeChat hands values over as they stand in the URL.
    const values = Object.fromEntries(
      query
        .split('&')
        .filter(Boolean)
        .map((pair) => pair.split('=')),
    );
    void live.run('onLoad', values);
    void live.run('onShow');
    return live;
  };
  const close = () => void pages.pop()?.run('onUnload');
  const goBack = (delta: number) => {
    for (let left = Math.min(delta, pages.length - 1); left > 0; left -= 1) close();
    void pages.at(-1)?.run('onShow');
  };
  const go = (how: 'navigateTo' | 'redirectTo' | 'reLaunch', url: string) => {
    if (!definitionOf.has(url.replace(/^\//, '').split('?')[0]!)) throw new Error(`${how}:fail page is not found`);
    if (how === 'navigateTo' && pages.length >= 10) throw new Error('navigateTo:fail webview count limit exceed');
    if (how === 'navigateTo') void pages.at(-1)?.run('onHide');
    if (how === 'redirectTo') close();
    while (how === 'reLaunch' && pages.length) close();
    open(url);
  };

  const wx: Platform = {
    request: (option) => {
      calls.push(`request ${option.method} ${option.url.replace(site, '')}`);
      answer(option, () => {
        if (!state.online) throw new Error('request:fail');
        return options.serve(option);
      });
    },
    login: (option) => {
      calls.push('login');
      answer(option, () => {
        if (state.loginFails) throw new Error('login:fail');
        return { code: options.loginCode?.() ?? `code-${calls.length}` };
      });
    },
    getRandomValues: (option) =>
      answer(option, () => {
        if (state.broken) throw new Error('getRandomValues:fail');
        return { randomValues: crypto.getRandomValues(new Uint8Array(option.length)).buffer };
      }),
    getStorageSync: (key) => (storage.has(key) ? structuredClone(storage.get(key)) : ''),
    setStorageSync: (key, value) => {
      if (state.broken) throw new Error('setStorageSync:fail exceed max storage size');
      storage.set(key, structuredClone(value));
    },
    getAppBaseInfo: () => ({
      language: options.language ?? 'zh_CN',
      ...(state.fontScale === undefined ? { fontSizeSetting: 22 } : { fontSizeScaleFactor: state.fontScale }),
    }),
    getUpdateManager: () => ({
      onUpdateReady: (listener) => void (listeners.ready = listener),
      onUpdateFailed: (listener) => void (listeners.failed = listener),
      applyUpdate: () => void (updates.applied += 1),
    }),
    getNetworkType: (option) => answer(option, () => ({ networkType: state.online ? 'wifi' : 'none' })),
    onNetworkStatusChange: (listener) => void (networkChanged = listener),
    getPrivacySetting: (option) => answer(option, () => ({ needAuthorization: state.needConsent })),
    onNeedPrivacyAuthorization: (listener) => void (consent = listener),
    openPrivacyContract: (option) => answer(option, () => ({})),
    scanCode: (option) => {
      calls.push('scanCode');
      answer(option, () => {
        if (typeof state.scan !== 'string') throw new Error(state.scan.errMsg);
        return { result: state.scan };
      });
    },
    navigateTo: (option) => answer(option, () => go('navigateTo', option.url)),
    redirectTo: (option) => answer(option, () => go('redirectTo', option.url)),
    reLaunch: (option) => answer(option, () => go('reLaunch', option.url)),
    navigateBack: (option) => answer(option, () => goBack(option.delta)),
    setNavigationBarTitle: () => undefined,
    stopPullDownRefresh: () => undefined,
    showModal: (option) => {
      modals.push({ title: option.title, content: option.content });
      answer(option, () => ({ confirm: state.confirm }));
    },
  };

  const settings = { site, version: options.version ?? '1.0.0', environment: 'test' };
  const shell = createShell(wx, settings, options.clock);
  Object.assign(globalThis, { wx, getApp: () => ({ shell }), getCurrentPages: () => pages });
  return {
    ...{ shell, storage, pages, calls, modals, updates, state },
    top: () => pages.at(-1)!,
    launch: async (url = '/pages/home/home') => {
      shell.start();
      open(url);
      await settle();
    },
    navigate: async (how, url) => {
      go(how, url);
      await settle();
    },
    back: async () => {
      goBack(1);
      await settle();
    },
    network: async (online) => {
      state.online = online;
      networkChanged({ isConnected: online });
      await settle();
    },
    wechatAsksConsent: () =>
      new Promise((resolve) => {
        const told: ConsentAnswer = (said) =>
          resolve(said.event === 'agree' ? `agree by ${said.buttonId}` : said.event);
        consent(told as never);
      }),
  };
}

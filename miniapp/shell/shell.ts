import type { Settings } from '../settings';
import { createApi } from './api';
import { createMail, type Mail, type OpenPage } from './bridge';
import { createDisplay } from './display';
import { createLogin } from './login';
import { HOME, pageUrl, type PagePath } from './paths';
import { createPrivacy } from './privacy';
import { createSite } from './site';
import { ask, type Platform } from './platform';
import { languageOf, textsOf } from './texts';
import { createUpdate, type Update } from './update';
import { visit, type Visit, type Visiting } from './visit';

/** The whole of the shell apart from what a page draws. Pages get it by `getApp<ShellApp>().shell`. */
export interface Shell extends Visiting {
  update: Update;
  mail: Mail;
  /** The web page that was on the screen last: who asks for a scan or a number. */
  front: OpenPage | null;
  start(): void;
  visit(path: string, again: boolean): Promise<Visit>;
  online(): Promise<boolean>;
  /** Calls when the network is there again; returns what ends it. */
  whenOnline(then: () => void): () => void;
  /** Goes one page back, or home when there is none. */
  back(pages: number): Promise<void>;
  home(): Promise<void>;
  go(url: string, replace?: boolean): Promise<void>;
  /** Writes the navigation bar's title. */
  entitle(title: string): void;
  /** A pull on the page has brought what it brings. */
  pulled(): void;
  /** The privacy page, over whatever is open. */
  askConsent(path: PagePath | null): void;
}

export interface ShellApp {
  shell: Shell;
}

/** @param clock milliseconds since 1970 */
export function createShell(wx: Platform, settings: Settings, clock: () => number = Date.now): Shell {
  const language = languageOf(wx.getAppBaseInfo().language);
  const texts = textsOf(language);
  const api = createApi(wx, settings, language);
  const site = createSite(wx, api, settings.site, language, clock);
  const login = createLogin(wx, api, clock);
  const privacy = createPrivacy(wx);
  const parts: Visiting = { site, login, privacy, display: createDisplay(wx), settings, texts };
  const listeners = new Set<() => void>();

  const home = () => ask((callbacks) => wx.reLaunch({ url: HOME, ...callbacks })).then(() => undefined);
  const go = async (url: string, replace = false): Promise<void> => {
    try {
      await ask((callbacks) => (replace ? wx.redirectTo({ url, ...callbacks }) : wx.navigateTo({ url, ...callbacks })));
    } catch {
      // Ten pages lie over each other at most.
      if (!replace) await go(url, true);
    }
  };
  const askConsent = (path: PagePath | null) => void go(pageUrl('privacy', path));

  return {
    ...parts,
    update: createUpdate(wx, texts),
    mail: createMail(),
    front: null,
    start() {
      this.update.start();
      privacy.start(() => askConsent(null));
      wx.onNetworkStatusChange(({ isConnected }) => {
        if (isConnected) for (const then of [...listeners]) then();
      });
    },
    // Whatever WeChat fails at, the citizen sees a sentence and a button, not a page that never comes.
    visit: (path, again) => visit(parts, path, again).catch((): Visit => ({ do: 'trouble', text: texts.busyText })),
    online: async () => {
      const said = ask<{ networkType: string }>((callbacks) => wx.getNetworkType(callbacks));
      return (await said.catch(() => ({ networkType: 'unknown' }))).networkType !== 'none';
    },
    whenOnline(then) {
      listeners.add(then);
      return () => void listeners.delete(then);
    },
    back: (pages) =>
      pages > 1 ? ask((callbacks) => wx.navigateBack({ delta: 1, ...callbacks })).then(() => undefined) : home(),
    home,
    go,
    entitle: (title) => void wx.setNavigationBarTitle({ title }),
    pulled: () => void wx.stopPullDownRefresh({}),
    askConsent,
  };
}

import { entryFragment } from '../contract/contract';
import type { Settings } from '../settings';
import type { Display } from './display';
import type { Login } from './login';
import { isSame, pageUrl, readPath, type PagePath } from './paths';
import type { Privacy } from './privacy';
import { isBelow, type Site, type SiteSource } from './site';
import type { Texts } from './texts';

/** What becomes of a wish to open a page: its URL, another page of the shell first, or a sentence. */
export type Visit = { do: 'show'; src: string } | { do: 'leave'; url: string } | { do: 'trouble'; text: string };

export interface Visiting {
  site: SiteSource;
  login: Login;
  privacy: Privacy;
  display: Display;
  settings: Settings;
  texts: Texts;
}

/**
 * Everything between a tap and a web page: is the path one of the site's, is it open, does the site serve this shell, has the citizen agreed,
 * who is it? `again`: the page itself asks, because its ticket or session has gone.
 */
export async function visit(parts: Visiting, text: string, again: boolean): Promise<Visit> {
  const { site, login, privacy, display, settings, texts } = parts;
  const path = readPath(text);
  if (!path) return { do: 'trouble', text: texts.badPath };
  const said = await site.current();
  const leave = (page: 'offline' | 'maintenance' | 'privacy'): Visit => ({ do: 'leave', url: pageUrl(page, path) });
  if (said === 'offline' || said === 'busy') return leave('offline');
  if (typeof said === 'string' || said.maintenance || isBelow(settings.version, said.minShell))
    return leave('maintenance');
  const show = (entered: { ticket?: string; nonce: string }): Visit => {
    const { fontScale, elder } = display.read();
    const fragment = entryFragment({ ...entered, fontScale, elder, place: path.place });
    return { do: 'show', src: `${settings.site}${path.page}?v=${said.build}#${fragment}` };
  };
  // The privacy notice is for everybody, and before they agree to it.
  if (isSame(path, said.privacy.path)) return show({ nonce: await login.nonce() });
  const closed = whyNot(said, path, texts);
  if (closed) return { do: 'trouble', text: closed };
  if (await privacy.needed(said.privacy.version)) return leave('privacy');
  const entered = await login.enter(path.page, again);
  if (entered.ok) return show(entered);
  if (entered.fault === 'too_often') return { do: 'trouble', text: texts.tooOften };
  if (entered.fault === 'offline') return leave('offline');
  // What is being done, in the site's own words.
  if (entered.fault === 'closed') await site.refresh();
  return leave('maintenance');
}

/** The allow-list is the server's: a page that no module leads to is not opened, whoever asks. */
function whyNot({ modules }: Site, path: PagePath, texts: Texts): string | null {
  const same = modules.filter((one) => one.path.page === path.page);
  if (!same.length) return texts.badPath;
  const exact = same.find((one) => isSame(one.path, path));
  if (exact ? exact.open : same.some((one) => one.open)) return null;
  return exact?.notOpenText || texts.notOpen;
}

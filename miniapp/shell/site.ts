import type { Api, ApiFault } from './api';
import { readPath, type PagePath } from './paths';
import { keep, kept, type Platform } from './platform';
import type { Language } from './texts';

/** An entry of the home page. */
export interface Module {
  key: string;
  title: string;
  text: string;
  icon: string;
  path: PagePath;
  open: boolean;
  /** Why it is not open, and from when; '' if the server says nothing. */
  notOpenText: string;
}

/** What GET /api/public/modules says of the site, in one language. */
export interface Site {
  /** The release of the pages: `v` of their URL. */
  build: string;
  /** `until` in ISO 8601; '' if nobody knows. */
  maintenance: { title: string; text: string; until: string } | null;
  /** The lowest version of the shell that the site serves: `1.2.0`. */
  minShell: string;
  modules: Module[];
  share: { title: string; path: PagePath } | null;
  /** Another version than the one agreed to asks for consent again. `path`: where the notice can be read by everybody. */
  privacy: { version: string; path: PagePath | null };
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const lineOf = (value: unknown, longest: number): string => (typeof value === 'string' ? value.slice(0, longest) : '');

/**
 * Reads what the server, or the storage of an older shell, says. Unknown fields are ignored, modules that lead elsewhere are left out.
 * Texts are `{ 'zh-CN', en? }`.
 * @returns null if it is no description of a site
 */
export function readSite(data: unknown, language: Language): Site | null {
  const said = fieldsOf(data);
  if (!Array.isArray(said.items) || typeof said.build !== 'string' || !/^[\w.-]{1,64}$/.test(said.build)) return null;
  const textOf = (value: unknown, longest: number) => {
    const texts = fieldsOf(value);
    return lineOf(texts[language], longest) || lineOf(texts['zh-CN'], longest);
  };
  const readModule = (item: unknown): Module | null => {
    const { key, title, text, icon, path, open, notOpenText } = fieldsOf(item);
    const module = { key: lineOf(key, 40), title: textOf(title, 40), path: readPath(path) };
    if (!module.path || !module.key || !module.title) return null;
    const words = { text: textOf(text, 120), icon: lineOf(icon, 20), notOpenText: textOf(notOpenText, 120) };
    return { ...module, ...words, path: module.path, open: open === true };
  };
  const closed = fieldsOf(said.maintenance);
  const share = fieldsOf(said.share);
  const privacy = fieldsOf(said.privacy);
  const card = { title: textOf(share.title, 60), path: readPath(share.path) };
  return {
    build: said.build,
    maintenance: said.maintenance
      ? { title: textOf(closed.title, 60), text: textOf(closed.text, 2_000), until: lineOf(closed.until, 40) }
      : null,
    minShell: lineOf(said.minShell, 40),
    modules: said.items
      .slice(0, 50)
      .map(readModule)
      .filter((one): one is Module => one !== null),
    share: card.path && card.title ? { title: card.title, path: card.path } : null,
    privacy: { version: lineOf(privacy.version, 40), path: readPath(privacy.path) },
  };
}

/** Whether a version, `1.2.0`, is below another. What is no version, as in development, is below nothing. */
export function isBelow(version: string, lowest: string): boolean {
  const [mine, wanted] = [version, lowest].map((text) => (/^\d+\.\d+\.\d+$/.test(text) ? text.split('.') : null));
  if (!mine || !wanted) return false;
  const at = mine.findIndex((part, index) => part !== wanted[index]);
  return at >= 0 && Number(mine[at]) < Number(wanted[at]);
}

export interface SiteSource {
  /** What was said last time on this phone; null on the first start. */
  cached(): Site | null;
  /** Asks the server. What it says is kept. */
  refresh(): Promise<Site | ApiFault>;
  /** What was said within the last minute; else asks, and falls back to what was said before. */
  current(): Promise<Site | ApiFault>;
}

const FRESH_MS = 60_000;

/** The raw answer is what is stored: a newer shell may read more in it. */
export function createSite(
  wx: Platform,
  api: Api,
  origin: string,
  language: Language,
  clock: () => number,
): SiteSource {
  const key = `site:${origin}`;
  let asked = -Infinity;
  let known: Site | null | undefined;
  const cached = () => {
    if (known === undefined) known = readSite(kept(wx, key), language);
    return known;
  };
  const refresh = async (): Promise<Site | ApiFault> => {
    const answer = await api.get('/api/public/modules');
    if (!answer.ok) return answer.fault;
    const site = readSite(answer.body, language);
    if (!site) return 'busy';
    known = site;
    asked = clock();
    keep(wx, key, answer.body);
    return site;
  };
  return {
    cached,
    refresh,
    current: async () => {
      const now = clock() - asked;
      const before = cached();
      if (before && now >= 0 && now < FRESH_MS) return before;
      const said = await refresh();
      return typeof said === 'string' && said !== 'outdated' && before ? before : said;
    },
  };
}

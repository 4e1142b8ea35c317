/** Where inside the site a page may be opened. Everything that names a page passes here: modules, share cards, requests of pages. */
export interface PagePath {
  /** The path that the server sees and binds the ticket to: `/register/`. */
  page: string;
  /** The place inside the page, kept in its fragment: `/forms/health`, or ''. */
  place: string;
}

const PAGE = /^\/[a-z][a-z0-9-]{0,31}\/$/;
const PLACE = /^(\/[\w-]{1,64}){0,8}\/?$/;
/** These are the site's, but not the citizens'. */
const NEVER = ['/api/', '/assets/', '/business/', '/health/', '/metrics/', '/system/'];

/**
 * Reads `/register/` or `/register/#/forms/health`. The form is that narrow so that no reader of URLs can take it for another site:
 * no host, no scheme, no query, no escape, no dots.
 * @returns null for everything else
 */
export function readPath(text: unknown): PagePath | null {
  if (typeof text !== 'string' || text.length > 300) return null;
  const [page = '', place = '', ...more] = text.split('#');
  if (more.length || !PAGE.test(page) || NEVER.includes(page)) return null;
  if (!PLACE.test(place)) return null;
  return { page, place: place.replace(/\/$/, '') };
}

/** The text that readPath reads. */
export const writePath = ({ page, place }: PagePath): string => (place ? `${page}#${place}` : page);

export const isSame = (one: PagePath, other: PagePath | null): boolean =>
  other !== null && one.page === other.page && one.place === other.place;

/** The shell's own page that opens a path. */
export const webUrl = (path: PagePath, again = false): string =>
  `/pages/web/web?path=${encodeURIComponent(writePath(path))}${again ? '&again=1' : ''}`;

/** A page of the shell that comes back to the path when it is done. */
export const pageUrl = (name: 'offline' | 'maintenance' | 'privacy', path: PagePath | null): string =>
  `/pages/${name}/${name}${path ? `?path=${encodeURIComponent(writePath(path))}` : ''}`;

export const HOME = '/pages/home/home';

/** The origin of a URL; '' for what has none. There is no URL class in a mini-program. */
export const originOf = (url: string): string => (/^https?:\/\/[\w.-]+(:\d+)?(?=[/?#]|$)/.exec(url) || [''])[0];

/** A query as WeChat hands it to onLoad, decoded. '' for what is no escape. */
export function decoded(value: string | undefined): string {
  try {
    return decodeURIComponent(value || '');
  } catch {
    return '';
  }
}

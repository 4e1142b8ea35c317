/**
 * The citizens' pages, as paths of this site: the only places that a log-in ticket is bound to and that the home page of the
 * mini-program leads to. Nothing else is one, however it is spelled: no other host, scheme, escape or dot finds its way in.
 */
export const CITIZEN_PAGES = ['/register/'] as const;

/** Pages that are planned: a module may be shown with one, but is not open. */
export const COMING_PAGES = ['/booking/', '/pass/'] as const;

/** A place inside a page, as its fragment says it: `#/forms/health/steps/2`. */
const PLACE = /^#(\/[A-Za-z0-9_-]{1,64}){0,8}\/?$/;

/**
 * The page that a path means, in the one spelling that counts (with the slash at its end); null when it is none. A path with a
 * query or a fragment is no path.
 */
export function citizenPage(path: string): string | null {
  return CITIZEN_PAGES.find((page) => page === path || page === `${path}/`) ?? null;
}

/** Whether a text leads to a citizens' page or one that is planned, perhaps to a place inside it: `/register/#/submissions`. */
export function isPageLink(link: string): boolean {
  const { page, place } = splitLink(link);
  return [...CITIZEN_PAGES, ...COMING_PAGES].some((one) => one === page) && (place === '' || PLACE.test(place));
}

/** Whether the page of a link is served by this release. */
export function isServed(link: string): boolean {
  return citizenPage(splitLink(link).page) !== null;
}

function splitLink(link: string): { page: string; place: string } {
  const at = link.indexOf('#');
  return at < 0 ? { page: link, place: '' } : { page: link.slice(0, at), place: link.slice(at) };
}

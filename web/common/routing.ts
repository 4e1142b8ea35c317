import { readonly, shallowRef } from 'vue';

/** Where the citizen is, kept in the URL's fragment: the server sees one page, the back button works. */
export interface Place {
  /** `/forms/health/steps/2`, without query. */
  path: string;
  query: Record<string, string>;
}

/** A fragment that is no place is a word of the mini-program's shell: see `bridge/`. */
const isPlace = () => location.hash.charAt(1) === '/' || location.hash.length < 2;

function read(): Place {
  const [path = '', query = ''] = location.hash.slice(1).split('?');
  const values: Record<string, string> = {};
  new URLSearchParams(query).forEach((value, key) => (values[key] = value));
  return { path: path.charAt(0) === '/' ? path : '/', query: values };
}

const place = shallowRef(read());
addEventListener('hashchange', () => isPlace() && (place.value = read()));

export const currentPlace = readonly(place);

/** Goes to a place, e.g. `/login?next=%2F`; `replace` leaves no entry for the back button. */
export function go(to: string, replace = false): void {
  if (!replace) {
    location.hash = to;
    return;
  }
  history.replaceState(history.state, '', `#${to}`);
  place.value = read();
}

/** Goes to the place that the shell named when it opened this page: `to=`. */
export function startAt(entry: string): void {
  const [, to = ''] = /[#&]to=([^&]*)/.exec(entry) || [];
  if (to) go(decode(to), true);
}

/** Matches `/forms/:key/steps/:step` against a path; the parameters, or null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (let i = 0; i < wanted.length; i++) {
    const name = wanted[i]!;
    if (name.charAt(0) === ':') params[name.slice(1)] = decode(given[i]!);
    else if (name !== given[i]) return null;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

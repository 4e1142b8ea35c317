/**
 * What the shell and the citizens' pages say to each other. A new shell takes up to a day to reach phones, and pages are released several
 * times a day: so pages serve shells of this contract and of the one before, and the shell understands pages of both. The files
 * in `fixtures/` say the same as data; tests of both sides hold them. This file imports nothing, so that either side may read it.
 *
 * Shell → page: only by the URL's fragment, which servers and logs never see.
 *   entry   `#t=TICKET&n=NONCE&s=2&fs=1.3&elder=1&to=%2Fforms%2Fhealth` when a page is opened. Without `t` nobody could be logged
 *           in: the page offers its own log-in (by SMS), and does not ask for another ticket by itself
 *   result  `#r=scan&n=NONCE&ok=1&d=DATA` or `…&ok=0&e=cancel`: the answer to a request with this nonce; only the fragment changes
 * Page → shell: a URL for wx.miniProgram.navigateTo or redirectTo (at once), or postMessage (only when the page is left or shared).
 */

/** The contract that this shell speaks: `s` of an entry. A shell of contract 1 sends no `s`. */
export const CONTRACT = 2;

/** What a shell of each contract answers to. Contract 1 is what every page may count on. */
export const REQUESTS: Record<number, readonly string[]> = {
  1: ['open', 'login', 'scan', 'home'],
  2: ['open', 'login', 'scan', 'home', 'phone'],
};

/** A request of a page, as read from the URL that it navigates to. Paths are not judged here. */
export type Request =
  | { kind: 'open'; path: string }
  /** The page's ticket was refused or its session has ended: log in again and come back to `path`. */
  | { kind: 'login'; path: string }
  | { kind: 'scan'; nonce: string }
  | { kind: 'phone'; nonce: string }
  | { kind: 'home' };

/** What a page wants on its share card. */
export interface ShareMessage {
  type: 'share';
  title: string;
  path: string;
}

/** Why there is no result: the citizen left it, refused a right, or the phone could not. */
export type ResultFault = 'cancel' | 'denied' | 'failed';

export type Result = { kind: 'scan' | 'phone'; nonce: string } & (
  | { ok: true; data: string }
  | { ok: false; fault: ResultFault }
);

export interface Entry {
  /** Absent when nobody could be logged in: the page shows what it shows to strangers. */
  ticket?: string;
  nonce: string;
  /** What the phone's owner chose in WeChat: 1 is normal. */
  fontScale: number;
  elder: boolean;
  /** The place inside the page, as its own fragment would say it: `/forms/health`; '' is its first. */
  place: string;
}

const NONCE = /^[0-9a-f]{32}$/;

/** Reads the URL of a shell page. Null for everything that the contract does not know. */
export function readRequest(url: string): Request | null {
  const [page = '', query = ''] = url.split('?');
  const values = readQuery(query);
  if (!values) return null;
  if (page === '/pages/home/home') return { kind: 'home' };
  if (page === '/pages/web/web' && values.path)
    return { kind: values.again === '1' ? 'login' : 'open', path: values.path };
  if (page === '/pages/scan/scan' && NONCE.test(values.n || '')) return { kind: 'scan', nonce: values.n! };
  if (page === '/pages/phone/phone' && NONCE.test(values.n || '')) return { kind: 'phone', nonce: values.n! };
  return null;
}

/** Reads one message of a page. Null for everything that the contract does not know. */
export function readMessage(data: unknown): ShareMessage | null {
  if (typeof data !== 'object' || data === null) return null;
  const { type, title, path } = data as Record<string, unknown>;
  if (type !== 'share' || typeof title !== 'string' || typeof path !== 'string') return null;
  if (!title.trim() || title.length > 60 || path.length > 300) return null;
  return { type, title: title.trim(), path };
}

/** The fragment of an entry, without `#`. */
export function entryFragment(entry: Entry): string {
  const scale = Math.round(entry.fontScale * 100) / 100;
  return writeQuery([
    ['t', entry.ticket || ''],
    ['n', entry.nonce],
    ['s', String(CONTRACT)],
    ['fs', scale === 1 ? '' : String(scale)],
    ['elder', entry.elder ? '1' : ''],
    ['to', entry.place],
  ]);
}

/** The fragment of a result, without `#`. */
export function resultFragment(result: Result): string {
  return writeQuery([
    ['r', result.kind],
    ['n', result.nonce],
    ['ok', result.ok ? '1' : '0'],
    ['d', result.ok ? result.data : ''],
    ['e', result.ok ? '' : result.fault],
  ]);
}

/** Empty values are left out: a missing key and an empty one mean the same. */
const writeQuery = (pairs: [key: string, value: string][]) =>
  pairs
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&');

/** Null for an escape that is none, and for a key that is there twice: two readers could take different ones. */
function readQuery(query: string): Record<string, string> | null {
  const values = Object.create(null) as Record<string, string>;
  try {
    for (const pair of query.split('&').filter(Boolean)) {
      const at = pair.indexOf('=');
      const key = at < 0 ? pair : pair.slice(0, at);
      if (key in values) return null;
      values[key] = at < 0 ? '' : decodeURIComponent(pair.slice(at + 1));
    }
  } catch {
    return null;
  }
  return values;
}

/** What the shell says to a page, in its fragment. The same contract as `miniapp/contract/`, which this file may not import. */

/** The shell has opened the page. */
export interface Entry {
  /** '' if nobody could be logged in. */
  ticket: string;
  nonce: string;
  /** Of the shell; 1 for shells that don't say. */
  contract: number;
  fontScale: number;
  elder: boolean;
  /** `/forms/health`; '' for the first. */
  place: string;
}

export type Result = { kind: 'scan' | 'phone'; nonce: string } & (
  | { ok: true; data: string }
  | { ok: false; fault: 'cancel' | 'denied' | 'failed' }
);

const NONCE = /^[0-9a-f]{32}$/;
const TICKET = /^[\w-]{16,200}$/;
const FAULTS = ['cancel', 'denied', 'failed'] as const;
/** Longer than any code that a camera reads. */
const LONGEST = 8000;

/** The entry in a fragment, with or without `#`; null if it is none or not of this contract. */
export function readEntry(fragment: string): Entry | null {
  const values = readValues(fragment);
  if (!values || 'r' in values || !NONCE.test(values.n || '')) return null;
  if (values.t && !TICKET.test(values.t)) return null;
  const scale = Number(values.fs || 1);
  return {
    ticket: values.t || '',
    nonce: values.n!,
    contract: Number(values.s || 1) || 1,
    fontScale: scale > 0 ? scale : 1,
    elder: values.elder === '1',
    place: isPlace(values.to) ? values.to : '',
  };
}

/** The result in a fragment; null if it is none or not of this contract. */
export function readResult(fragment: string): Result | null {
  const values = readValues(fragment);
  if (!values || !NONCE.test(values.n || '')) return null;
  const { r: kind, ok, d: data = '', e } = values;
  if ((kind !== 'scan' && kind !== 'phone') || data.length > LONGEST) return null;
  const nonce = values.n!;
  if (ok === '1') return { kind, nonce, ok: true, data };
  const fault = FAULTS.find((each) => each === e);
  return ok === '0' && fault ? { kind, nonce, ok: false, fault } : null;
}

/** A place inside this page, as `server/shared/pages.ts` knows them: `//host` and `/\host` are none. */
export const isPlace = (text: string | undefined): text is string =>
  !!text && /^(\/[A-Za-z0-9_-]{1,64}){0,8}\/?$/.test(text);

/** Null for an escape that is none, and for a key that is there twice. */
function readValues(fragment: string): Record<string, string> | null {
  const values: Record<string, string> = {};
  try {
    for (const pair of fragment.replace(/^#/, '').split('&')) {
      const at = pair.indexOf('=');
      if (at < 1) return null;
      const key = pair.slice(0, at);
      if (!/^[a-z]+$/.test(key) || Object.prototype.hasOwnProperty.call(values, key)) return null;
      values[key] = decodeURIComponent(pair.slice(at + 1));
    }
  } catch {
    return null;
  }
  return values;
}

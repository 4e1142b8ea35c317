import type { BrowserContext } from 'playwright-core';

/** A call of a page as a contract's file holds it: see `contract.browser.ts`. */
export interface Call {
  /** `PUT /api/citizen/forms/$form/draft`; `$name` is a kept value. */
  call: string;
  body?: unknown;
  status: number;
  /** Path in the answer → its type, or the very value of a code. */
  reads: Record<string, string>;
  keep?: Record<string, string>;
}

interface Recorded extends Call {
  answer: unknown;
}

/** What later calls say again: by the call that tells it, the name → its path in the answer. */
const KEPT: Record<string, Record<string, string>> = {
  'GET /api/citizen/forms': { form: 'items.0.key' },
  'GET /api/citizen/forms/$form': { version: 'version' },
  'POST /api/citizen/login-codes': { loginCodeId: 'loginCodeId' },
  'POST /api/citizen/forms/$form/submissions': { id: 'id' },
};

/** Of a refusal pages need this; sentences are shown if there are any. */
const JUDGED = /^code$|^issues\./;

/** Pages do something about these codes; of others they only show the sentence. */
const CODES = ['edit_conflict', 'ticket_invalid'];

/**
 * Writes down every call that pages of this context make, in order, and what they read of the answers: what a page takes out of
 * an answer goes through a proxy that remembers it. A call that is made again adds what it reads.
 */
export async function recordCalls(context: BrowserContext): Promise<{ calls(known: Record<string, string>): Call[] }> {
  const recorded = new Map<number, Recorded>();
  let last = 0;
  await context.exposeFunction('recordNext', () => ++last);
  await context.exposeFunction('record', (id: number, call: Recorded) => void recorded.set(id, call));
  await context.addInitScript(watchPage);
  return {
    calls: (known) =>
      tidy(
        [...recorded].toSorted(([a], [b]) => a - b).map(([, call]) => call),
        known,
      ),
  };
}

/** Runs in the page. */
function watchPage(): void {
  const host = window as unknown as {
    recordNext(): Promise<number>;
    record(id: number, call: unknown): Promise<void>;
  };
  interface Entry {
    id: number;
    call: { call: string; body: unknown; status: number; reads: Record<string, string>; answer: unknown };
  }
  const [plainFetch, plainText, plainParse] = [window.fetch, Response.prototype.text, JSON.parse];
  const responses = new WeakMap<Response, Entry>();
  const texts = new Map<string, Entry>();
  const tell = ({ id, call }: Entry) => void host.record(id, call);

  window.fetch = async function (input, init = {}) {
    const url = new URL(input as string, location.href);
    if (!url.pathname.startsWith('/api/')) return plainFetch(input, init);
    const id = await host.recordNext();
    const response = await plainFetch(input, init);
    const body = typeof init.body === 'string' ? (plainParse(init.body) as unknown) : undefined;
    const call = `${init.method || 'GET'} ${url.pathname}${url.search}`;
    const entry: Entry = { id, call: { call, body, status: response.status, reads: {}, answer: undefined } };
    responses.set(response, entry);
    tell(entry);
    return response;
  };
  Response.prototype.text = async function () {
    const text = await plainText.call(this);
    const entry = responses.get(this);
    if (entry && text) texts.set(text, entry);
    return text;
  };
  JSON.parse = function (text: string, reviver?: (this: unknown, key: string, value: unknown) => unknown) {
    const value = plainParse(text, reviver) as unknown;
    const entry = texts.get(text);
    if (!entry || typeof value !== 'object' || value === null) return value;
    entry.call.answer = plainParse(text);
    return follow(value, '', entry);
  };

  /** The same value; every read of its own keys is remembered by its path. */
  function follow(value: object, at: string, entry: Entry): object {
    const inner = new Map<string, unknown>();
    return new Proxy(value, {
      get(target, key, receiver) {
        const found = Reflect.get(target, key, receiver) as unknown;
        if (typeof key !== 'string' || key === 'length' || !Object.prototype.hasOwnProperty.call(target, key))
          return found;
        // The first of a list stand for the others.
        if (Array.isArray(target) && Number(key) > 2) return found;
        const path = at ? `${at}.${key}` : key;
        if (typeof found === 'object' && found !== null) {
          if (!inner.has(key)) inner.set(key, follow(found, path, entry));
          return inner.get(key);
        }
        if (!entry.call.reads[path]) {
          entry.call.reads[path] = found === null ? 'null' : typeof found;
          tell(entry);
        }
        return found;
      },
    });
  }
}

/** Kept values by their names in place of the values, each call once, its reads in order. */
function tidy(recorded: Recorded[], known: Record<string, string>): Call[] {
  const names = new Map(Object.entries(known).map(([name, value]) => [value, `$${name}`]));
  const inPath = (path: string) => {
    const [place = '', query = ''] = path.split('?');
    const named = place.split('/').map((part) => names.get(part) ?? part);
    return named.join('/') + (query && `?${query}`);
  };
  const inBody = (value: unknown, key = ''): unknown => {
    if (key === 'version') return '$version';
    if (typeof value === 'string') return names.get(value) ?? value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inBody(inner, name)]));
  };
  const calls = new Map<string, Recorded>();
  for (const { call: said, body, status, reads, answer } of recorded) {
    const call = inPath(said).replace(/\/versions\/\d+$/, '/versions/$version');
    const keep = status < 300 ? KEPT[call] : undefined;
    for (const [name, at] of Object.entries(keep ?? {}))
      if (name !== 'version') names.set(String(valueAt(answer, at)), `$${name}`);
    const { code } = (answer ?? {}) as { code?: string };
    const first: Recorded = { call, body: inBody(body), status, reads: {}, answer, ...(keep && { keep }) };
    const seen = calls.get(`${call} ${status}`) ?? first;
    // A later answer may have more in it than the first one had.
    for (const [path, type] of Object.entries(reads))
      if (typeOf(valueAt(seen.answer, path)) === type && (status < 300 || JUDGED.test(path))) seen.reads[path] = type;
    if (code && CODES.includes(code)) seen.reads['code'] = code;
    calls.set(`${call} ${status}`, seen);
  }
  return [...calls.values()].map(({ reads, answer: _answer, ...rest }) => {
    const sorted = Object.entries(reads).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return JSON.parse(JSON.stringify({ ...rest, reads: Object.fromEntries(sorted) })) as Call;
  });
}

/** The type of a value as a contract's file names it. */
export const typeOf = (value: unknown): string => (value === null ? 'null' : typeof value);

/** The value at `items.0.key`; undefined if there is none. */
export function valueAt(from: unknown, path: string): unknown {
  let value = from;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}

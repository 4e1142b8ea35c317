import { locale } from '../text/locale.ts';
import { ApiProblem, problemOf } from './problem.ts';

export type Query = Record<string, string | number | boolean | string[] | null | undefined>;

interface SendOptions {
  query?: Query;
  body?: unknown;
  /** Sent as `Idempotency-Key`: keep one per user's intention, so that a retry is not a second write. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Milliseconds; default 15 s. */
  timeout?: number;
}

/** Refusals that end what the user was doing here; a wrong password is a 401 too, but none of these. */
const SESSION_CODES = new Set(['not_logged_in', 'session_expired', 'password_change_required']);
const onUnauthorized = new Set<(problem: ApiProblem) => void>();

/** Called when the session is over or the password must be changed first. Returns the unsubscribe function. */
export function onRefusedSession(listener: (problem: ApiProblem) => void): () => void {
  onUnauthorized.add(listener);
  return () => onUnauthorized.delete(listener);
}

/** Path and query as a URL; empty values are left out, lists repeat the name. */
export function urlOf(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '' || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

/** A random key for one intended write. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Headers of every request: the language of messages, and the mark that no foreign page can send. */
export function baseHeaders(): Record<string, string> {
  return { accept: 'application/json', 'accept-language': locale.value, 'x-requested-with': 'dengji' };
}

function deadline(signal: AbortSignal | undefined, timeout: number): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('deadline', 'TimeoutError')), timeout);
  const forward = () => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    done: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', forward);
    },
  };
}

/**
 * One call of the API. Resolves with the JSON of a success (undefined where there is no body).
 * @throws ApiProblem for every refusal; DOMException (TimeoutError, AbortError) or TypeError without an answer.
 */
export async function send<T>(method: string, path: string, options: SendOptions = {}): Promise<T> {
  const headers = baseHeaders();
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  const limit = deadline(options.signal, options.timeout ?? 15_000);
  try {
    const response = await fetch(urlOf(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      signal: limit.signal,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    if (response.ok) return (response.status === 204 ? undefined : await response.json().catch(() => undefined)) as T;
    const problem = await problemOf(response);
    if (SESSION_CODES.has(problem.code)) {
      for (const listener of onUnauthorized) listener(problem);
    }
    throw problem;
  } finally {
    limit.done();
  }
}

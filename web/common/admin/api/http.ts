import createClient from 'openapi-fetch';
import type { paths } from '../../../api/schema.d.ts';
import { sleep } from '../../client/backoff.ts';
import { laterIn } from '../../later.ts';
import { locale } from '../text/locale.ts';
import { FRESH_LOGIN, freshLogin } from './fresh.ts';
import { problemOf, type ApiProblem } from './problem.ts';

/** Refusals that end what the user was doing here; a wrong password is a 401 too, but none of these. */
const SESSION_CODES = new Set(['not_logged_in', 'session_expired', 'password_change_required']);
const listeners = new Set<(problem: ApiProblem) => void>();

/** Called when the session is over or the password must be changed first. Returns the unsubscribe function. */
export function onRefusedSession(listener: (problem: ApiProblem) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A random key for one intended write. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Headers of a write: the mark that no foreign page can send, and the key by which a retry is not a second write. */
export const write = (key?: string) => ({
  'X-Requested-With': 'dengji' as const,
  ...(key ? { 'Idempotency-Key': key } : {}),
});

/** Headers of what a page asks by itself: it keeps nobody logged in. */
export const unattendedHeaders = (unattended: boolean) => (unattended ? { 'X-Unattended': '1' } : {});

const DEADLINE = 15_000;

/** Made twice, it is done once. */
const isSafe = ({ method, headers }: Request) => method === 'GET' || headers.has('Idempotency-Key');

/** fetch with the page's language and a deadline for each try; refusals are thrown as ApiProblem. */
async function send(request: Request, tried = 1): Promise<Response> {
  // A body can be sent once.
  const again = request.clone();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('deadline', 'TimeoutError')), DEADLINE);
  const forward = () => controller.abort(request.signal.reason);
  request.signal.addEventListener('abort', forward, { once: true });
  try {
    if (request.signal.aborted) forward();
    request.headers.set('Accept-Language', locale.value);
    const response = await fetch(request, { signal: controller.signal });
    if (response.ok) return response;
    const wait = isSafe(request) ? laterIn(response, tried) : undefined;
    if (wait) {
      clearTimeout(timer);
      await sleep(wait);
      return await send(again, tried + 1);
    }
    const problem = await problemOf(response);
    if (problem.code === FRESH_LOGIN) {
      clearTimeout(timer);
      if (await freshLogin()) return send(again);
    }
    if (SESSION_CODES.has(problem.code)) for (const listener of listeners) listener(problem);
    throw problem;
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', forward);
  }
}

/** The API, typed by its own document. Calls go through `answer`. */
export const api = createClient<paths>({ credentials: 'same-origin', fetch: (request) => send(request) });

/**
 * The body of a success.
 * @throws ApiProblem for every refusal; DOMException (TimeoutError, AbortError) or TypeError without an answer.
 */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

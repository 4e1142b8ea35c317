import { CONTRACT } from '../../../server/shared/contract.ts';
import { boot, type Answered } from '../boot.ts';
import { laterIn } from '../later.ts';
import { heal } from '../stale.ts';
import { sleep } from './backoff.ts';
import { early } from './early.ts';
import { ApiProblem } from './problem.ts';

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** Lets the request outlive the page: the last save of a draft while the page closes. */
  keepalive?: boolean;
}

/** The server ends every request within 10 s; a slow network gets a little more. */
const DEADLINE_MS = 20_000;

let language = 'zh-CN';

/** The language in which the server writes the sentences of its problems. */
export function speak(locale: string): void {
  language = locale;
}

/**
 * Calls the API of the same origin and returns the decoded body (`undefined` for 204).
 * @throws ApiProblem for every answer that is not 2xx, and for no answer.
 */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const abort = new AbortController();
  const deadline = setTimeout(() => abort.abort(), DEADLINE_MS);
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': language,
    'X-Build': boot.build,
    'X-Contract': String(CONTRACT.current),
    ...options.headers,
  };
  if (method !== 'GET') headers['X-Requested-With'] = 'dengji';
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    const { response, text } =
      (await early(method, path)) ||
      (await answered(path, {
        method,
        headers,
        body: options.body === undefined ? undefined : JSON.stringify(options.body),
        credentials: 'same-origin',
        keepalive: options.keepalive,
        signal: abort.signal,
      }));
    const body = parse(text);
    if (response.ok && (body !== undefined || !text)) return body as T;
    const problem = refusal(response, body);
    // The page is too old for this server: a newer one is fetched, and whoever waits goes with this one.
    if (problem.code === 'client_outdated' && (await heal())) return await new Promise<never>(() => undefined);
    throw problem;
  } catch (fault) {
    if (fault instanceof ApiProblem) throw fault;
    throw new ApiProblem({ status: 0, code: abort.signal.aborted ? 'timeout' : 'offline' });
  } finally {
    clearTimeout(deadline);
  }
}

/** Reads are made again when the server says "later"; who writes decides for itself. */
async function answered(path: string, init: RequestInit, tried = 1): Promise<Answered> {
  const response = await fetch(path, init);
  const wait = init.method === 'GET' ? laterIn(response, tried) : undefined;
  if (wait) {
    await sleep(wait);
    return answered(path, init, tried + 1);
  }
  return { response, text: await response.text() };
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function refusal(response: Response, body: unknown): ApiProblem {
  const said = (body || {}) as Partial<ApiProblem> & { title?: string; detail?: string };
  const wait = Number(response.headers.get('Retry-After'));
  return new ApiProblem({
    // A 2xx without JSON is a portal or proxy in between, not our server.
    status: response.ok ? 0 : response.status,
    code: response.ok ? 'offline' : said.code || `http_${response.status}`,
    sentence: [said.title, said.detail].filter(Boolean).join(language === 'en' ? '. ' : '。'),
    issues: said.issues,
    requestId: said.requestId || response.headers.get('X-Request-Id') || '',
    retryAfter: wait > 0 ? wait : null,
  });
}

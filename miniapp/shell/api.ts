import type { Settings } from '../settings';
import { ask, type HttpAnswer, type Platform } from './platform';
import type { Language } from './texts';

/** Why there is no answer: no network, a server that asks for patience, a shell that is too old, or a refusal. */
export type ApiFault = 'offline' | 'busy' | 'outdated' | 'refused';

export type ApiAnswer = { ok: true; body: unknown } | { ok: false; fault: ApiFault };

export interface Api {
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body: Record<string, unknown>): Promise<ApiAnswer>;
}

/** The server ends every request within 10 s; a slow network gets a little more. */
const DEADLINE_MS = 15_000;

/** Calls of the site's API. Bodies are judged by who asked: what comes over the network is `unknown`. */
export function createApi(wx: Platform, { site, version }: Settings, language: Language): Api {
  const header = { Accept: 'application/json', 'Accept-Language': language, 'X-Shell': version };
  const call = async (method: 'GET' | 'POST', path: string, data?: Record<string, unknown>): Promise<ApiAnswer> => {
    const own: Record<string, string> =
      method === 'POST' ? { 'X-Requested-With': 'dengji', 'Content-Type': 'application/json' } : {};
    try {
      return judge(
        await ask<HttpAnswer>((callbacks) =>
          wx.request({
            url: site + path,
            method,
            header: Object.assign({}, header, own),
            ...(data ? { data } : {}),
            timeout: DEADLINE_MS,
            ...callbacks,
          }),
        ),
      );
    } catch {
      return { ok: false, fault: 'offline' };
    }
  };
  return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

function judge({ statusCode, data }: HttpAnswer): ApiAnswer {
  const isObject = typeof data === 'object' && data !== null;
  if (statusCode >= 200 && statusCode < 300) {
    // A 2xx without JSON is a portal in between, not our server.
    return isObject ? { ok: true, body: data } : { ok: false, fault: 'offline' };
  }
  if (isObject && (data as { code?: unknown }).code === 'client_outdated') return { ok: false, fault: 'outdated' };
  if (statusCode === 429 || statusCode >= 500) return { ok: false, fault: 'busy' };
  return { ok: false, fault: 'refused' };
}

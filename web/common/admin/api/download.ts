import { locale } from '../text/locale.ts';
import { FRESH_LOGIN, freshLogin } from './fresh.ts';
import { problemOf } from './problem.ts';

export type Query = Record<string, string | number | boolean | null | undefined>;

/** Path and query as a URL; empty and false values are left out. */
export function urlOf(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '' && value !== false) params.append(name, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

function nameOf(response: Response, fallback: string): string {
  const header = response.headers.get('content-disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/i.exec(header)?.[1] ?? fallback;
}

/**
 * Fetches a file and hands it to the browser's downloads. Unlike a plain link it can show a refusal in the page.
 * @throws ApiProblem for a refusal; TypeError where the stream breaks.
 */
export async function saveFile(
  path: string,
  options: { query?: Query; fallbackName: string; signal?: AbortSignal; onProgress?: (bytes: number) => void },
): Promise<void> {
  const response = await fetch(urlOf(path, options.query), {
    headers: { 'Accept-Language': locale.value },
    credentials: 'same-origin',
    signal: options.signal ?? null,
  });
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.code === FRESH_LOGIN && (await freshLogin())) return saveFile(path, options);
    throw problem;
  }
  const parts: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (!chunk || chunk.done) break;
    parts.push(chunk.value);
    bytes += chunk.value.byteLength;
    options.onProgress?.(bytes);
  }
  const url = URL.createObjectURL(new Blob(parts, { type: response.headers.get('content-type') ?? '' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = nameOf(response, options.fallbackName);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

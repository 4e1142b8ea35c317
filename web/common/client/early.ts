import { boot, type Answered } from '../boot.ts';
import { sleep } from './backoff.ts';

/** How long an answer is waited for before it is asked for anew. */
const PATIENCE_MS = 10_000;

/**
 * The answer to a GET that was asked for before the app ran (`boot/ahead.ts`), once. Undefined: ask now. A refusal that another
 * try might better, or that says a sentence in the citizen's language, is asked for anew too.
 */
export async function early(method: string, path: string): Promise<Answered | undefined> {
  const asked = method === 'GET' && boot.early && boot.early[path];
  if (!asked || !boot.early) return undefined;
  delete boot.early[path];
  const answered = await Promise.race([asked, sleep(PATIENCE_MS)]);
  if (!answered) return undefined;
  const { ok, status } = answered.response;
  return ok || status === 401 || status === 404 ? answered : undefined;
}

/** Answers count for the first screen only: later ones ask what is true then. */
export function forgetEarly(): void {
  boot.early = undefined;
}

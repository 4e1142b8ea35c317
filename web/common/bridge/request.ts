import { randomKey } from '../client/backoff.ts';
import { readResult } from './fragment.ts';
import type { Outcome } from './index.ts';
import { miniProgram } from './sdk.ts';

/** A citizen may look long for what is to be scanned; after that nobody waits any more. */
const LONGEST_MS = 10 * 60_000;

/**
 * Opens the shell's scanner or phone page and waits for its answer: the shell changes this page's fragment only, and
 * names the nonce of the question. Another nonce, kind or shape is nobody's answer and is taken away unread.
 */
export async function ask(kind: 'scan' | 'phone'): Promise<Outcome<string>> {
  const shell = await miniProgram();
  if (!shell) return { ok: false, why: 'unsupported' };
  const nonce = randomKey();
  const place = location.hash;
  return new Promise((resolve) => {
    const end = (outcome: Outcome<string>) => {
      clearTimeout(timer);
      removeEventListener('hashchange', hear);
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ ok: false, why: 'failed' }), LONGEST_MS);
    function hear() {
      if (!/^#\w+=/.test(location.hash)) return;
      const result = readResult(location.hash);
      history.replaceState(history.state, '', location.pathname + location.search + place);
      if (!result || result.nonce !== nonce || result.kind !== kind) return;
      end(result.ok ? { ok: true, value: result.data } : { ok: false, why: result.fault });
    }
    addEventListener('hashchange', hear);
    shell.navigateTo({
      url: `/pages/${kind}/${kind}?n=${nonce}`,
      fail: () => end({ ok: false, why: 'unsupported' }),
    });
  });
}

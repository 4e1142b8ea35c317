import { checkForm } from '../../../server/shared/fields/index.ts';
import type { Answers } from '../../../server/shared/fields/types.ts';
import { backoff, randomKey, sleep } from '../../common/client/backoff.ts';
import { citizenApi } from '../../common/client/citizen.ts';
import { toProblem } from '../../common/client/problem.ts';
import type { Receipt } from '../../common/client/types.ts';
import { today } from '../../common/i18n/time.ts';
import { fingerprint } from '../../common/fingerprint.ts';
import { tabShelf } from '../../common/storage.ts';
import { closeForm, forgetCopy, stopSaving, type OpenForm } from '../forms/index.ts';

/** Tries without an answer before the citizen is asked: about a minute. */
const TRIES = 6;

let receipt: Receipt | null = null;

/** The receipt of the submission just made in this tab, so that its screen needs no network. */
export const lastReceipt = (id: string) => (receipt && receipt.id === id ? receipt : null);

interface Attempt {
  key: string;
  /** What the key was made for; other answers are another attempt. */
  print: string;
}

/** The key lives until an answer came, also through a reload: a retry must not make a second submission. */
function keyFor(formKey: string, body: string): string {
  const print = fingerprint(body);
  const kept = tabShelf.get<Attempt>(`submit.${formKey}`);
  if (kept && kept.print === print) return kept.key;
  const attempt = { key: randomKey(), print };
  tabShelf.set(`submit.${formKey}`, attempt);
  return attempt.key;
}

/** What will be sent: normalised, without hidden answers. */
export function answersToSend(form: OpenForm): Answers {
  return checkForm(form.content, form.answers, { today: today() }).answers;
}

/**
 * Sends the form once: silence, 503 and "still running" are tried again under the same key; `onRetry` is told the
 * number of the try. Throws the last ApiProblem; after a temporary one, calling again goes on under the same key.
 */
export async function submitForm(form: OpenForm, onRetry: (attempt: number) => void): Promise<Receipt> {
  await stopSaving(form);
  const body = { version: form.version, answers: answersToSend(form) };
  const key = keyFor(form.key, JSON.stringify(body));
  for (let attempt = 1; ; attempt++) {
    try {
      receipt = await citizenApi.submit(form.key, key, body);
      tabShelf.remove(`submit.${form.key}`);
      forgetCopy(form.key);
      closeForm();
      return receipt;
    } catch (fault) {
      const problem = toProblem(fault);
      if (problem.code === 'in_progress' || problem.temporary) {
        if (attempt >= TRIES) throw problem;
        onRetry(attempt);
        await sleep(backoff(attempt - 1, problem.retryAfter));
        continue;
      }
      // An expired session or too many requests is no answer to the submission: the key stays.
      if (problem.status !== 401 && problem.status !== 429) tabShelf.remove(`submit.${form.key}`);
      // Refused for certain, so the draft is still wanted. (After silence it might come back beside the submission.)
      form.dirty = true;
      throw problem;
    }
  }
}

import type { Answers, FormContent } from '../../../server/shared/fields/types.ts';
import { checkForm } from '../../../server/shared/fields/index.ts';
import { backoff, randomKey, sleep } from '../../common/client/backoff.ts';
import { citizenApi } from '../../common/client/citizen.ts';
import { toProblem } from '../../common/client/problem.ts';
import type { SubmissionDetail } from '../../common/client/types.ts';
import { today } from '../../common/i18n/time.ts';
import { tabShelf } from '../../common/storage.ts';
import { forgetCopy, keepOnDevice, localCopy, recallCopy } from '../forms/index.ts';

/** Tries without an answer before the citizen is asked: about a minute. */
const TRIES = 6;

/** Among the drafts that this device keeps, so that it goes with them at log-out. */
const name = (id: string) => `correct.${id}`;

/** Before `typedBefore` is asked. */
export const recallTyped = (id: string): Promise<void> => recallCopy(name(id));

/** What this account typed before the page went away, if the submission is still as it was then. */
export function typedBefore({ id, rev, answers }: SubmissionDetail, accountId: string): Record<string, unknown> {
  const copy = localCopy(name(id), accountId);
  return copy && copy.rev === rev ? { ...copy.answers } : { ...answers };
}

export function keepTyped(
  { id, rev, version }: SubmissionDetail,
  accountId: string,
  typed: Record<string, unknown>,
): boolean {
  return keepOnDevice(name(id), { accountId, version, answers: typed as Answers, step: 0, rev });
}

/**
 * Sends a correction once: silence and 503 are tried again under the same key, which outlives a reload.
 * Throws the last ApiProblem.
 */
export async function sendCorrection(
  { id, rev }: SubmissionDetail,
  content: FormContent,
  typed: Record<string, unknown>,
  onRetry: (attempt: number) => void,
): Promise<void> {
  const { answers } = checkForm(content, typed, { today: today() });
  const shelf = `correct.${id}.${rev}`;
  const key = tabShelf.get<string>(shelf) || randomKey();
  tabShelf.set(shelf, key);
  for (let attempt = 1; ; attempt++) {
    try {
      await citizenApi.correct(id, key, { rev, answers });
      tabShelf.remove(shelf);
      forgetCopy(name(id));
      return;
    } catch (fault) {
      const problem = toProblem(fault);
      if (problem.code !== 'in_progress' && !problem.temporary) {
        if (problem.status !== 401 && problem.status !== 429) tabShelf.remove(shelf);
        throw problem;
      }
      if (attempt >= TRIES) throw problem;
      onRetry(attempt);
      await sleep(backoff(attempt - 1, problem.retryAfter));
    }
  }
}

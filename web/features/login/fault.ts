import { toProblem } from '../../common/client/problem.ts';
import { t } from '../../common/i18n/index.ts';
import { waitText } from '../../common/i18n/wait.ts';

/** One sentence for what went wrong while a code was asked for or tried. */
export function loginFault(fault: unknown): string {
  const problem = toProblem(fault);
  if (problem.status === 0) return t('login.offline');
  if (problem.status === 429) return t('login.tooMany', { wait: waitText(problem.retryAfter || 60) });
  if (problem.status === 401) return t('login.codeWrong');
  if (problem.temporary) return t('login.away');
  return problem.sentence || t('trouble.unexpected');
}

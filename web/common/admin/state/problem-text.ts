import type { ApiProblem } from '../api/problem.ts';
import { locale } from '../text/locale.ts';
import { c } from '../text/common.texts.ts';

const sentenceEnd = () => (locale.value === 'en' ? '. ' : '。');

/** What happened and what to do for a problem: the server's own, or ours where no answer came. */
export function problemText(problem: ApiProblem): string {
  if (problem.code === 'offline') return c('offline');
  if (problem.code === 'timeout') return c('timeout');
  return problem.title && problem.message !== problem.title
    ? `${problem.title}${sentenceEnd()}${problem.message}`
    : problem.message;
}

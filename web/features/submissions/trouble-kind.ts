import type { ApiProblem } from '../../common/client/problem.ts';

/** Why a form could not be sent. Of `duplicate` and `closed` the same answers get the same refusal, however often they are sent. */
export type TroubleKind = 'duplicate' | 'closed' | 'noAnswer' | 'other';

export function troubleKind({ code, status, temporary }: ApiProblem): TroubleKind {
  if (code === 'already_submitted' || code === 'conflict') return 'duplicate';
  if (code === 'form_closed' || status === 404) return 'closed';
  return temporary ? 'noAnswer' : 'other';
}

/** Whether sending once more can help. */
export const isWorthRetrying = (problem: ApiProblem): boolean =>
  !['duplicate', 'closed'].includes(troubleKind(problem));

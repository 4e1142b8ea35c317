import { PROBLEMS, type ProblemCode } from '../../shared/codes.ts';
import { say, sayIssue, spell, type Messages, type ProblemParams } from '../../shared/messages/index.ts';
import type { Issue } from '../../shared/fields/types.ts';

export interface ProblemDetails {
  params?: ProblemParams;
  /** Everything that is wrong, all at once, each at its path. */
  issues?: Issue[];
  /** Seconds after which trying again makes sense; sent as Retry-After. */
  retryAfter?: number;
}

/** A fault with a code of the registry (`shared/codes.ts`). Throw it anywhere; the HTTP layer answers it as RFC 9457. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** The body of a problem+json answer in the caller's language. */
export function problemBody(problem: Problem, messages: Messages, requestId: string) {
  const { issues } = problem.details;
  const params = problem.details.params && spell(messages.locale, problem.details.params);
  const { title, detail } = say(messages, problem.code, params);
  return {
    type: `/api/docs/problems#${problem.code}`,
    title,
    status: problem.status,
    code: problem.code,
    ...(detail ? { detail } : {}),
    requestId,
    ...(params ? { params } : {}),
    ...(issues
      ? {
          issues: issues.map((issue) => ({
            ...issue,
            params: spell(messages.locale, issue.params ?? {}),
            message: sayIssue(messages, issue),
          })),
        }
      : {}),
  };
}

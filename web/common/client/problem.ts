import type { Issue } from '../../../server/shared/fields/types.ts';

/**
 * The one kind of fault that a call to the API throws. `status` 0 means that no answer came: `code` is then
 * `offline` (no network, or the server cannot be reached) or `timeout`; whether the server acted is unknown.
 */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** What happened and what to do, in the page's language; empty if no answer came. */
  readonly sentence: string;
  readonly issues: Issue[];
  readonly requestId: string;
  /** Seconds to wait before asking again, if the server said so. */
  readonly retryAfter: number | null;

  constructor(of: Partial<Omit<ApiProblem, 'name' | 'message'>> & { status: number; code: string }) {
    super(of.code);
    this.name = 'ApiProblem';
    this.status = of.status;
    this.code = of.code;
    this.sentence = of.sentence || '';
    this.issues = of.issues || [];
    this.requestId = of.requestId || '';
    this.retryAfter = of.retryAfter === undefined ? null : of.retryAfter;
  }

  /** No answer, or one that says "later": the same call may succeed if it is made again. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** Any thrown thing as an ApiProblem; a programming fault becomes `unexpected` and reaches the console. */
export function toProblem(fault: unknown): ApiProblem {
  if (fault instanceof ApiProblem) return fault;
  setTimeout(() => {
    throw fault;
  });
  return new ApiProblem({ status: -1, code: 'unexpected' });
}

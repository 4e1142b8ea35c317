/** One thing wrong with what was sent; `path` is dotted, `message` a sentence in the page's language. */
export interface ProblemIssue {
  path: string;
  code: string;
  message: string;
  params?: Record<string, string | number>;
}

/** An answer that is not a success (problem+json), or no answer at all (`code` `offline` or `timeout`, status 0). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly requestId: string | null;
  readonly issues: ProblemIssue[];
  readonly retryAfter: number | null;

  constructor(parts: {
    status: number;
    code: string;
    title?: string;
    detail: string;
    requestId?: string | null;
    issues?: ProblemIssue[];
    retryAfter?: number | null;
  }) {
    super(parts.detail);
    this.status = parts.status;
    this.code = parts.code;
    this.title = parts.title ?? '';
    this.requestId = parts.requestId ?? null;
    this.issues = parts.issues ?? [];
    this.retryAfter = parts.retryAfter ?? null;
  }
}

interface ProblemJson {
  code?: string;
  title?: string;
  detail?: string;
  requestId?: string;
  issues?: ProblemIssue[];
}

/** Reads the problem out of a refused response. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const json = (await response
    .clone()
    .json()
    .catch(() => ({}))) as ProblemJson;
  return new ApiProblem({
    status: response.status,
    code: json.code ?? `http_${response.status}`,
    title: json.title ?? '',
    detail: json.detail ?? json.title ?? `HTTP ${response.status}`,
    requestId: json.requestId ?? response.headers.get('x-request-id'),
    issues: json.issues ?? [],
    retryAfter: Number(response.headers.get('retry-after')) || null,
  });
}

/** Any thrown value as a problem that can be shown. */
export function asProblem(fault: unknown): ApiProblem {
  if (fault instanceof ApiProblem) return fault;
  const timeout = fault instanceof DOMException && fault.name === 'TimeoutError';
  return new ApiProblem({ status: 0, code: timeout ? 'timeout' : 'offline', detail: '' });
}

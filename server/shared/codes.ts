/**
 * The registry of problems: every `code` that a problem+json answer may carry, with its HTTP status. Texts are in
 * `messages/problems.*.ts`; codes of single issues inside a problem are in the three files that the end of this one names.
 */

export interface Problem {
  status: number;
  /** The same request may succeed later without a change; clients repeat it with the same idempotency key. */
  retry?: true;
}

export const PROBLEMS = {
  // The request itself
  bad_request: { status: 400 },
  invalid_input: { status: 422 },
  not_found: { status: 404 },
  method_not_allowed: { status: 405 },
  not_acceptable: { status: 406 },
  payload_too_large: { status: 413 },
  unsupported_media_type: { status: 415 },
  too_many_requests: { status: 429, retry: true },
  client_outdated: { status: 409 },

  // Who is asking
  not_logged_in: { status: 401 },
  session_expired: { status: 401 },
  wrong_credentials: { status: 401 },
  wrong_code: { status: 401 },
  fresh_login_required: { status: 403 },
  password_change_required: { status: 403 },
  weak_password: { status: 422 },
  account_disabled: { status: 403 },
  account_locked: { status: 423, retry: true },
  forbidden: { status: 403 },
  csrf_refused: { status: 403 },
  bad_signature: { status: 401 },
  sms_unavailable: { status: 503, retry: true },
  ticket_invalid: { status: 401 },
  wechat_code_refused: { status: 401 },
  wechat_busy: { status: 503, retry: true },
  wechat_unavailable: { status: 503 },
  phone_bound: { status: 409 },
  phone_unsupported: { status: 422 },

  // The state of things
  conflict: { status: 409 },
  edit_conflict: { status: 409 },
  name_taken: { status: 409 },
  in_use: { status: 409 },
  last_administrator: { status: 409 },
  already_submitted: { status: 409 },
  form_closed: { status: 409 },
  version_outdated: { status: 409 },
  review_needed: { status: 409 },
  own_proposal: { status: 403 },
  dry_run_needed: { status: 409 },
  not_ready: { status: 409, retry: true },
  gone: { status: 410 },

  // Idempotency
  idempotency_key_missing: { status: 400 },
  key_reused: { status: 422 },
  in_progress: { status: 409, retry: true },

  // Exports
  approval_needed: { status: 403 },
  export_too_large: { status: 422 },
  too_many_exports: { status: 409 },
  range_not_satisfiable: { status: 416 },
  snapshot_expired: { status: 503 },
  export_mismatch: { status: 500 },

  // Releases
  release_transition: { status: 409 },
  release_seq_taken: { status: 409 },
  release_full: { status: 409 },
  release_unapproved: { status: 409 },
  release_expired: { status: 409 },
  own_release: { status: 403 },

  // Uploaded workbooks
  file_missing: { status: 400 },
  file_too_large: { status: 413 },
  file_encrypted: { status: 422 },
  file_old_xls: { status: 415 },
  file_html: { status: 415 },
  file_not_workbook: { status: 415 },
  file_truncated: { status: 422 },
  file_corrupt: { status: 422 },
  file_bomb: { status: 413 },
  file_wrong_template: { status: 422 },
  file_empty: { status: 422 },

  // Uploaded photos and documents
  file_type_refused: { status: 415 },
  too_many_uploads: { status: 409 },

  // The server
  deadline_exceeded: { status: 503, retry: true },
  unavailable: { status: 503, retry: true },
  internal_error: { status: 500 },
} as const satisfies Record<string, Problem>;

export type ProblemCode = keyof typeof PROBLEMS;

export { ACCOUNT_CODES, type AccountCode } from './account-codes.ts';
export { FIELD_CODES, type FieldCode } from './fields/codes.ts';
export { FORM_CODES, type FormCode } from './fields/vet/codes.ts';
export { MIGRATION_CODES, type MigrationCode } from './forms/codes.ts';

import type { ProblemCode } from '../codes.ts';
import type { ProblemText } from './index.ts';

/** What went wrong with a request, and what to do. */
const texts: Record<ProblemCode, ProblemText> = {
  bad_request: { title: 'The request can’t be understood', detail: 'Please check it and try again.' },
  invalid_input: { title: 'Some answers need a change', detail: 'Please correct what is marked and submit again.' },
  not_found: { title: 'Not found', detail: 'It may have been deleted, or you may not see it.' },
  method_not_allowed: { title: 'This can’t be done here' },
  not_acceptable: { title: 'The requested format isn’t available' },
  payload_too_large: { title: 'This is too large', detail: 'Please send less and try again.' },
  unsupported_media_type: { title: 'This content format isn’t supported' },
  too_many_requests: { title: 'Too many requests', detail: 'Please wait a moment and try again.' },
  client_outdated: { title: 'This page is out of date', detail: 'Please reload it to go on. Your answers are kept.' },
  not_logged_in: { title: 'Please log in first' },
  session_expired: { title: 'Your login has expired', detail: 'To protect your data, please log in again.' },
  wrong_credentials: { title: 'The name or password is wrong', detail: 'Please check both and try again.' },
  wrong_code: { title: 'The code is wrong or has expired', detail: 'Please check it or ask for a new one.' },
  fresh_login_required: {
    title: 'Please confirm who you are',
    detail: 'This is important: enter your password again.',
  },
  password_change_required: {
    title: 'Please change your password first',
    detail: 'A first login needs a password of your own.',
  },
  weak_password: { title: 'The password isn’t safe enough', detail: 'Please choose a longer, less common one.' },
  account_disabled: { title: 'This account is disabled', detail: 'Please ask an administrator.' },
  account_locked: {
    title: 'This account is locked for a while',
    detail: 'There were too many errors. Try later or ask an administrator.',
  },
  forbidden: { title: 'You aren’t allowed to do this', detail: 'If you need it, please ask an administrator.' },
  csrf_refused: {
    title: 'The source of the request can’t be confirmed',
    detail: 'Please reload the page and try again.',
  },
  bad_signature: {
    title: 'The signature is wrong or too old',
    detail: 'Please check the shared secret and the clock.',
  },
  ticket_invalid: {
    title: 'This way in is used up or too old',
    detail: 'Please open the page from the mini-program again, or log in by SMS.',
  },
  wechat_code_refused: { title: 'WeChat didn’t confirm who you are', detail: 'Please try again, or log in by SMS.' },
  wechat_busy: { title: 'WeChat is busy', detail: 'Please try again in a moment.' },
  wechat_unavailable: { title: 'WeChat log-in isn’t available now', detail: 'Please log in by SMS.' },
  phone_bound: {
    title: 'This account has another mobile number',
    detail: 'To use the other number, log out and log in with it.',
  },
  phone_unsupported: {
    title: 'This number can’t be used',
    detail: 'Please use a mobile number of mainland China.',
  },
  sms_unavailable: { title: 'Text messages can’t be sent now', detail: 'Please try again later.' },
  conflict: { title: 'This conflicts with something that is there', detail: 'Please reload and check.' },
  edit_conflict: { title: 'Somebody else has changed this', detail: 'Please look at the latest state, then decide.' },
  name_taken: { title: 'This name is taken', detail: 'Please choose another one.' },
  in_use: { title: 'This is in use and can’t be deleted', detail: 'Please remove what depends on it first.' },
  last_administrator: { title: 'At least one administrator must remain' },
  already_submitted: {
    title: 'This is registered already',
    detail: 'To change it, withdraw the first registration; if it is not one of yours, ask the organiser.',
  },
  form_closed: { title: 'Registration is closed', detail: 'If you have questions, please ask the organiser.' },
  version_outdated: {
    title: 'The form has changed',
    detail: 'Your answers are kept. Please check what is new and submit again.',
  },
  review_needed: {
    title: 'Another person has to review this first',
    detail: 'Hand it in for review. It is published once somebody else has approved it.',
  },
  own_proposal: {
    title: 'Somebody else has to review this',
    detail: 'You handed it in yourself. Please ask another person who may publish forms.',
  },
  dry_run_needed: {
    title: 'A dry run has to come first',
    detail: 'Run it dry, look at what it counts, then start it.',
  },
  not_ready: { title: 'This isn’t ready yet', detail: 'Please try again later.' },
  gone: { title: 'This is no longer valid', detail: 'Please start again.' },
  idempotency_key_missing: {
    title: 'The Idempotency-Key header is missing',
    detail: 'Please send a unique value with each write.',
  },
  key_reused: {
    title: 'The repeated request differs from the first',
    detail: 'Please reload the page and submit again.',
  },
  in_progress: { title: 'Still being processed', detail: 'Please wait; there is no need to send it again.' },
  approval_needed: {
    title: 'Somebody else has to approve this',
    detail:
      'So many rows leave only with the approval of another person: make an export job; it waits for the approval.',
  },
  export_too_large: {
    title: 'Too many rows for a direct download',
    detail: 'Please make an export job: it is prepared in the background and can be downloaded when it is ready.',
  },
  too_many_exports: {
    title: 'You have too many exports under way',
    detail: 'Please wait until one is ready, or cancel one.',
  },
  range_not_satisfiable: { title: 'The file has no such part', detail: 'Please begin the download anew.' },
  snapshot_expired: {
    title: 'The data could not be held still for long enough',
    detail: 'Please narrow the filter, or ask the operator to keep snapshots for longer.',
  },
  export_mismatch: {
    title: 'The file did not have the rows it should have, so it was discarded',
    detail: 'Please try again; if it happens again, tell the administrator.',
  },
  release_transition: {
    title: 'A release that is “{from}” can’t become “{to}”',
    detail: 'The event was not recorded. Sending it again will not help.',
  },
  release_seq_taken: {
    title: 'Another event of this release has the number {seq}',
    detail: 'The first one counts. Please tell this one under a number of its own.',
  },
  release_full: { title: 'This release has {max} events already', detail: 'No more of them are recorded.' },
  release_unapproved: {
    title: 'Somebody else has to approve this release first',
    detail:
      'Another person approves it in the system backend, under Releases. It holds for one commit and one artifact.',
  },
  release_expired: { title: 'Nobody approved this release in time', detail: 'Please begin a new one.' },
  own_release: {
    title: 'You can’t approve a release that you work on',
    detail: 'Please ask somebody else with the right to approve releases.',
  },
  file_missing: { title: 'No file was received', detail: 'Please choose a file and try again.' },
  file_too_large: { title: 'The file is too large', detail: 'Please split it into smaller files.' },
  file_encrypted: { title: 'The file has a password', detail: 'Please remove it in Excel or WPS and upload again.' },
  file_old_xls: {
    title: 'The file is in the old Excel format (.xls)',
    detail: 'Please save it as .xlsx and upload again.',
  },
  file_html: {
    title: 'The file is really a web page',
    detail: 'Please open it in Excel or WPS, save it as .xlsx and upload again.',
  },
  file_not_workbook: { title: 'The file isn’t an Excel workbook', detail: 'Please upload an .xlsx file.' },
  file_truncated: { title: 'The file isn’t complete', detail: 'It may have been cut off. Please upload it again.' },
  file_corrupt: { title: 'The file is damaged', detail: 'Please open it in Excel or WPS, save it and upload again.' },
  file_bomb: {
    title: 'The file would be too large when unpacked',
    detail: 'It wasn’t opened, for safety. Remove what isn’t needed or split it.',
  },
  file_wrong_template: {
    title: 'The file doesn’t fit this form',
    detail: 'Please copy the data into the latest template and upload that.',
  },
  file_empty: { title: 'There is no data in the file', detail: 'Please fill in rows below the headings.' },
  file_type_refused: {
    title: 'This kind of file isn’t taken here',
    detail:
      'What counts is its content, not its name. Please choose a JPEG or PNG picture, or a PDF where one is taken.',
  },
  too_many_uploads: {
    title: 'You have uploaded too much for now',
    detail: 'Remove what you don’t need, or go on tomorrow.',
  },
  deadline_exceeded: { title: 'This took too long', detail: 'Please try again later.' },
  unavailable: { title: 'The system is busy', detail: 'Your answers are kept. Please try again later.' },
  internal_error: {
    title: 'Something went wrong',
    detail: 'Please try again later. If it stays, tell an administrator the number.',
  },
};
export default texts;

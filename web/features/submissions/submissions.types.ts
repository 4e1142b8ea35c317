import type { Answer, BodyOf, Item } from '../../common/admin/api/types.ts';

/** A record in a list. `answers` by field key; those of sensitive fields are masked texts. */
export type SubmissionItem = Item<'listSubmissions'>;
export type RecordView = Answer<'getRecordView'>;
export type Decision = BodyOf<'reviewSubmission'>['decision'];
export type SubmissionDetail = Answer<'getSubmission'>;

import type { SubmissionDoc } from './submissions.model.ts';

/** The last decision about a submission, as staff and its sender read it; null before any. */
export const reviewOf = ({ review }: Pick<SubmissionDoc, 'review'>) =>
  review ? { decision: review.decision, reason: review.reason, at: review.at.toISOString(), by: review.byName } : null;

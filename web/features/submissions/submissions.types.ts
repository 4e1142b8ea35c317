import type { HistoryEntry } from '../people/people.types.ts';

export type SubmissionStatus = 'submitted' | 'withdrawn';
export type SubmissionSource = 'citizen' | 'staff' | 'import';

export interface SubmissionItem {
  id: string;
  receiptNumber: string;
  formKey: string;
  version: number;
  status: SubmissionStatus;
  submittedAt: string;
  source: SubmissionSource;
  personId: string | null;
  /** The person it names has to be verified. */
  claimed: boolean;
  name: string | null;
  phone: string | null;
  document: string | null;
  regionName: string | null;
  /** By field key; those of sensitive fields are masked texts. */
  answers: Record<string, unknown>;
  updatedAt: string;
  deletedAt: string | null;
}

export interface SubmissionDetail extends SubmissionItem {
  rev: number;
  deletedBy: string | null;
  importId: string | null;
  row: number | null;
  /** The answered fields that are masked and can be revealed. */
  sensitive: string[];
  history: HistoryEntry[];
}

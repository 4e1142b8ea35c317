import type { Answers, FormContent, Text } from '../../../server/shared/fields/types.ts';

export interface FormListItem {
  key: string;
  version: number;
  title: Text;
  intro?: Text;
}

export interface PublishedForm {
  key: string;
  version: number;
  content: FormContent;
}

export interface Region {
  code: string;
  name: string;
  level: string;
  leaf: boolean;
}

export interface LoginCode {
  loginCodeId: string;
  /** Seconds until another code may be asked for. */
  resendAfter: number;
  /** Seconds until the code is void. */
  expiresIn: number;
}

export interface Session {
  accountId: string;
  /** Masked. */
  phone: string;
}

export interface Draft {
  version: number;
  answers: Answers;
  step: number;
  rev: number;
  savedAt: string;
}

export interface Receipt {
  id: string;
  receiptNumber: string;
  formKey: string;
  version: number;
  status: string;
  submittedAt: string;
}

export interface SubmissionListItem extends Receipt {
  title?: Text;
}

export interface HistoryEntry {
  at: string;
  action: string;
  by?: string;
}

export interface SubmissionDetail extends Receipt {
  answers: Answers;
  history: HistoryEntry[];
}

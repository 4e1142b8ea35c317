import type { FormContent, Text } from '../../../server/shared/fields/types.ts';
import type { ProblemIssue } from '../../common/admin/api/problem.ts';

export interface FormSummary {
  key: string;
  title: Text;
  status: 'open' | 'closed';
  currentVersion: number | null;
  updatedAt: string;
  updatedBy: string;
}

export interface FormDetail extends FormSummary {
  workingVersion: { content: FormContent; rev: number; updatedBy: string; updatedAt: string };
  issues: Omit<ProblemIssue, 'message'>[];
  versions: { number: number; publishedAt: string; publishedBy: string }[];
}

export interface FormVersion {
  key: string;
  version: number;
  content: FormContent;
  publishedAt: string;
  publishedBy: string;
}

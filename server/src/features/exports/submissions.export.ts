import {
  fieldsOf,
  formatValue,
  isSensitive,
  textOf,
  type Answers,
  type Field,
  type FormContent,
  type Locale,
} from '../../../shared/fields/index.ts';
import { maskValue } from '../../../shared/fields/projections.ts';
import type { Regions } from '../regions/index.ts';
import { shanghaiMinute } from '../../infra/clock/index.ts';
import type { SubmissionDoc, Submissions } from '../submissions/index.ts';
import { openedOnce, type Column } from './columns.ts';
import { SOURCE, STATUS } from './words.ts';

/** A version of the form whose answers become columns. */
export interface ExportedVersion {
  version: number;
  content: FormContent;
}

/**
 * The columns of exported submissions: about the submission itself, then one per field of the form. With several
 * versions (the newest first) they are the union: a key is one column in all of them, since it never changes its kind,
 * called as in the newest; each row is shown and masked by the version that it was filled on.
 */
export function submissionColumns(options: {
  submissions: Submissions;
  regions: Regions;
  versions: readonly ExportedVersion[];
  locale: Locale;
  clear: boolean;
}): Column<SubmissionDoc>[] {
  const { submissions, regions, versions, locale, clear } = options;
  const look = { regions: regions.lookup };
  const union = new Map<string, Field>();
  const byVersion = new Map<number, Map<string, { field: Field; hide: boolean }>>();
  for (const { version, content } of versions) {
    const fields = fieldsOf(content).filter((field) => field.kind !== 'static');
    byVersion.set(version, new Map(fields.map((field) => [field.key, { field, hide: !clear && isSensitive(field) }])));
    for (const field of fields) if (!union.has(field.key)) union.set(field.key, field);
  }
  const opened = openedOnce((doc: SubmissionDoc) => {
    const fields = byVersion.get(doc.version);
    // Columns are made of the versions found in the same snapshot: never missing, and never shown by guesswork.
    if (!fields) throw new Error(`version ${doc.version} of form ${doc.formKey} is not among the exported ones`);
    return { fields, answers: submissions.open(doc) as Answers };
  });
  const about: Column<SubmissionDoc>[] = [
    {
      key: 'receiptNumber',
      label: { 'zh-CN': '回执编号', en: 'Receipt number' },
      width: 22,
      show: (doc) => doc.receiptNumber,
    },
    {
      key: 'submittedAt',
      label: { 'zh-CN': '提交时间', en: 'Submitted at' },
      show: (doc) => shanghaiMinute(doc.submittedAt),
    },
    {
      key: 'status',
      label: { 'zh-CN': '状态', en: 'Status' },
      width: 12,
      show: (doc) => textOf(STATUS[doc.status], locale),
    },
    {
      key: 'source',
      label: { 'zh-CN': '来源', en: 'Source' },
      width: 14,
      show: (doc) => textOf(SOURCE[doc.source], locale),
    },
    { key: 'form', label: { 'zh-CN': '表单', en: 'Form' }, show: (doc) => `${doc.formKey} v${doc.version}` },
    { key: 'name', label: { 'zh-CN': '登记人', en: 'Person' }, width: 14, show: (doc) => doc.name },
  ];
  return [
    ...about,
    ...[...union.values()].map((newest): Column<SubmissionDoc> => ({
      key: `answers.${newest.key}`,
      label: newest.label,
      width: newest.kind === 'address' || newest.kind === 'textarea' ? 32 : 18,
      show: (doc) => {
        const { fields, answers } = opened(doc);
        const value = answers[newest.key];
        const own = fields.get(newest.key);
        if (value === undefined || !own) return null;
        return own.hide ? maskValue(own.field, value, locale, look) : formatValue(own.field, value, locale, look);
      },
    })),
  ];
}

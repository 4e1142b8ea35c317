import {
  fieldsOf,
  formatValue,
  isSensitive,
  type Answers,
  type FormContent,
  type Locale,
} from '../../../shared/fields/index.ts';
import { maskValue } from '../../../shared/fields/projections.ts';
import type { Regions } from '../regions/index.ts';
import { shanghaiMinute } from '../../infra/clock/index.ts';
import type { SubmissionDoc, Submissions } from '../submissions/index.ts';
import type { Column } from './columns.ts';

const STATUS = {
  'zh-CN': { submitted: '已提交', withdrawn: '已撤回' },
  en: { submitted: 'Submitted', withdrawn: 'Withdrawn' },
} as const;
const SOURCE = {
  'zh-CN': { citizen: '本人填报', staff: '工作人员录入', import: '批量导入' },
  en: { citizen: 'Citizen', staff: 'Staff', import: 'Import' },
} as const;

/** The columns of exported submissions: about the submission itself, then one per field of the form. */
export function submissionColumns(options: {
  submissions: Submissions;
  regions: Regions;
  content: FormContent | null;
  locale: Locale;
  clear: boolean;
}): Column<SubmissionDoc>[] {
  const { submissions, regions, content, locale, clear } = options;
  const look = { regions: regions.lookup };
  const opened = new WeakMap<SubmissionDoc, Answers>();
  const answersOf = (doc: SubmissionDoc) => {
    const answers = opened.get(doc) ?? submissions.open(doc);
    opened.set(doc, answers);
    return answers;
  };
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
    { key: 'status', label: { 'zh-CN': '状态', en: 'Status' }, width: 12, show: (doc) => STATUS[locale][doc.status] },
    { key: 'source', label: { 'zh-CN': '来源', en: 'Source' }, width: 14, show: (doc) => SOURCE[locale][doc.source] },
    { key: 'form', label: { 'zh-CN': '表单', en: 'Form' }, show: (doc) => `${doc.formKey} v${doc.version}` },
    { key: 'name', label: { 'zh-CN': '登记人', en: 'Person' }, width: 14, show: (doc) => doc.name },
  ];
  const fields = (content ? fieldsOf(content) : []).filter((field) => field.kind !== 'static');
  return [
    ...about,
    ...fields.map((field): Column<SubmissionDoc> => {
      const hide = !clear && isSensitive(field);
      return {
        key: `answers.${field.key}`,
        label: field.label,
        width: field.kind === 'address' || field.kind === 'textarea' ? 32 : 18,
        show: (doc) => {
          const value = answersOf(doc)[field.key];
          if (value === undefined) return null;
          return hide ? maskValue(field, value, locale, look) : formatValue(field, value, locale, look);
        },
      };
    }),
  ];
}

import {
  fieldsOf,
  textOf,
  type Answers,
  type Field,
  type FormContent,
  type Locale,
  type Look,
} from '../../../shared/fields/index.ts';
import { columnOf } from '../../../shared/fields/projections.ts';
import type { Regions } from '../regions/index.ts';
import { shanghaiMinute } from '../../infra/clock/index.ts';
import type { Access } from '../record-settings/index.ts';
import { mappedTo, showAs, type SubmissionDoc, type Submissions } from '../submissions/index.ts';
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
  /** Key of the form; empty for submissions of all forms, which have no columns of answers. */
  form: string;
  versions: readonly ExportedVersion[];
  locale: Locale;
  clear: boolean;
  access: Access;
  /** Names of what answers refer to; without, of regions only. */
  look?: Look;
}): Column<SubmissionDoc>[] {
  const { submissions, regions, versions, locale, clear, access } = options;
  const { look = { regions: regions.lookup } } = options;
  const union = new Map<string, Field>();
  const byVersion = new Map<number, Map<string, Field>>();
  const contents = new Map(versions.map(({ version, content }) => [version, content]));
  const subject = options.form;
  for (const { version, content } of versions) {
    // What nobody of the requester's roles sees is no column at all.
    const fields = fieldsOf(content).filter(
      (field) => field.kind !== 'static' && access.most(subject, field) !== 'hide',
    );
    byVersion.set(version, new Map(fields.map((field) => [field.key, field])));
    for (const field of fields) if (!union.has(field.key)) union.set(field.key, field);
  }
  const opened = openedOnce((doc: SubmissionDoc) => {
    const fields = byVersion.get(doc.version);
    // Columns are made of the versions found in the same snapshot: never missing, and never shown by guesswork.
    if (!fields) throw new Error(`version ${doc.version} of form ${doc.formKey} is not among the exported ones`);
    return { fields, answers: submissions.open(doc) as Answers };
  });
  /** The name stands beside the answers, in clear: it is seen as the field is that says it. */
  const nameOf = (doc: SubmissionDoc): string | null => {
    if (!access.subjects.includes(doc.formKey)) return doc.name;
    const content = contents.get(doc.version);
    const field = content && mappedTo(content, 'person.name');
    if (!field) return null;
    const see = access.see(doc.formKey, field, doc.scope);
    return showAs(clear && see === 'mask' ? 'show' : see, field, doc.name, locale, regions.lookup);
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
    { key: 'name', label: { 'zh-CN': '登记人', en: 'Person' }, width: 14, show: nameOf },
  ];
  return [
    ...about,
    ...[...union.values()].map((newest): Column<SubmissionDoc> => ({
      key: `answers.${newest.key}`,
      label: newest.label,
      width: columnOf(newest).width,
      show: (doc) => {
        const { fields, answers } = opened(doc);
        const value = answers[newest.key];
        const own = fields.get(newest.key);
        if (value === undefined || !own) return null;
        const see = access.see(subject, own, doc.scope);
        return showAs(clear && see === 'mask' ? 'show' : see, own, value, locale, look);
      },
    })),
  ];
}

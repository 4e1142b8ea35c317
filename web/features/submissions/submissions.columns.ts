import { fieldsOf, type FormContent } from '../../../server/shared/fields/index.ts';
import type { Column } from '../../common/admin/list/columns.ts';
import { placeText } from '../../common/admin/region/regions.ts';
import { answerText } from '../../common/admin/text/answers.ts';
import { shortTime } from '../../common/admin/text/format.ts';
import { say } from '../../common/admin/text/texts.ts';
import { formTitle } from '../forms/form-titles.ts';
import { t } from './submissions.texts.ts';
import type { RecordView, SubmissionItem } from './submissions.types.ts';

export const nameText = (row: Pick<SubmissionItem, 'name'>): string => row.name || t('noName');

/** The fields that this account may see, of records at best. */
export const offeredFields = (content: FormContent | null, view: RecordView | null) => {
  const hidden = new Set(view?.fields.filter(({ see }) => see === 'hide').map(({ key }) => key));
  return content ? fieldsOf(content).filter((field) => field.kind !== 'static' && !hidden.has(field.key)) : [];
};

/** The columns of the records list; with a form, one more for each of its fields, hidden at first. */
export function submissionColumns(content: FormContent | null, view: RecordView | null): Column<SubmissionItem>[] {
  const about: Column<SubmissionItem>[] = [
    { key: 'name', label: t('name'), role: 'title', text: nameText },
    { key: 'status', label: t('status'), role: 'meta', text: (row) => t(row.status) },
    { key: 'receiptNumber', label: t('receipt'), text: (row) => row.receiptNumber },
    { key: 'form', label: t('form'), text: (row) => formTitle(row.formKey) },
    { key: 'document', label: t('document'), text: (row) => row.document ?? '' },
    { key: 'phone', label: t('phone'), text: (row) => row.phone ?? '' },
    { key: 'region', label: t('region'), text: (row) => placeText(row.regionName) },
    { key: 'source', label: t('source'), hidden: true, text: (row) => t(row.source) },
    { key: 'submittedAt', label: t('submittedAt'), text: (row) => shortTime(row.submittedAt) },
    { key: 'updatedAt', label: t('updatedAt'), hidden: true, text: (row) => shortTime(row.updatedAt) },
  ];
  const answers = offeredFields(content, view).map((field): Column<SubmissionItem> => ({
    key: `answers.${field.key}`,
    label: say(field.label),
    hidden: true,
    text: (row) => answerText(field, row.answers[field.key]),
  }));
  return [...about, ...answers];
}

/** What an export of records may hold; keys are those of the API. */
export function exportColumns(content: FormContent | null, view: RecordView | null): { key: string; label: string }[] {
  const fields = offeredFields(content, view);
  return [
    { key: 'receiptNumber', label: t('receipt') },
    { key: 'submittedAt', label: t('submittedAt') },
    { key: 'status', label: t('status') },
    { key: 'source', label: t('source') },
    { key: 'form', label: t('form') },
    { key: 'name', label: t('name') },
    ...fields.map((field) => ({ key: `answers.${field.key}`, label: say(field.label) })),
  ];
}

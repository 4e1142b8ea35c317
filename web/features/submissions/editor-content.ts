import type { Field, FormContent } from '../../../server/shared/fields/index.ts';
import { answerText } from '../../common/admin/text/answers.ts';
import { t } from './submissions.texts.ts';
import type { SubmissionDetail } from './submissions.types.ts';

type Rights = Pick<SubmissionDetail, 'answers' | 'hidden' | 'readOnly' | 'sensitive'>;

/** A form as this account may fill it in: what it may not see or change is a line to read. */
export function editorContent(content: FormContent, { answers, hidden, readOnly }: Rights): FormContent {
  const closed = (field: Field): Field => {
    const seen = hidden.includes(field.key) ? '' : answerText(field, answers[field.key]);
    const note = [seen, t(hidden.includes(field.key) ? 'hiddenValue' : 'readOnlyValue')].filter(Boolean).join(' · ');
    return { key: field.key, kind: 'static', label: field.label, hint: { 'zh-CN': note, en: note } };
  };
  const steps = content.steps.map((step) => ({
    ...step,
    fields: step.fields.map((field) =>
      hidden.includes(field.key) || readOnly.includes(field.key) ? closed(field) : field,
    ),
  }));
  // Checks over what is not seen here are the server's.
  const { checks: _checks, ...rest } = content;
  return { ...rest, steps };
}

/**
 * The answers to be sent: those of the editor, and those that it left out only because it does not see what they depend
 * on. The server, which does, drops what does not belong.
 */
export function withUnseen(
  content: FormContent,
  submission: Rights,
  edited: Record<string, unknown>,
): Record<string, unknown> {
  const { answers, hidden, readOnly, sensitive } = submission;
  const unseen = [...hidden, ...readOnly, ...sensitive];
  const dependsOnUnseen = (field: Field) => {
    const rules = JSON.stringify([field.visibleWhen, field.readOnlyWhen] as unknown);
    return unseen.some((key) => rules.includes(JSON.stringify(key)));
  };
  const kept = content.steps
    .flatMap(({ fields }) => fields)
    .filter((field) => answers[field.key] !== undefined && edited[field.key] === undefined)
    .filter((field) => !unseen.includes(field.key) && dependsOnUnseen(field));
  return { ...Object.fromEntries(kept.map(({ key }) => [key, answers[key]])), ...edited };
}

import {
  fieldsOf,
  isSensitive,
  personOf,
  type Answers,
  type AnswerValue,
  type Field,
  type FormContent,
  type PersonFacts,
} from '../../../shared/fields/index.ts';
import type { Cipher } from '../../infra/crypto/index.ts';
import type { SubmissionDoc } from './submissions.model.ts';

interface Indexes {
  documentIndex(document: NonNullable<PersonFacts['document']>): string;
  phoneIndex(phone: string): string;
}

type Stored = Pick<SubmissionDoc, 'answers' | 'sealed' | 'facets' | 'name' | 'phoneIndex' | 'documentIndex'>;

const asText = (value: AnswerValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Between checked answers and how they are stored: the sensitive ones sealed, some as blind indexes, some as facets. */
export function createSubmissionCodec(cipher: Cipher, indexes: Indexes, regionPath: (code: string) => string[]) {
  const context = (field: string, id: string) => `submission.${field}:${id}`;

  /** A facet's value; that of a sensitive field is a blind index, for equality only. */
  const facetValue = (formKey: string, field: Field, value: string) =>
    isSensitive(field) ? cipher.index(`submission.facet.${formKey}.${field.key}`, value) : value;

  function facets(formKey: string, content: FormContent, answers: Answers): Stored['facets'] {
    return fieldsOf(content)
      .filter((field) => field.filterable && answers[field.key] !== undefined)
      .flatMap((field) => {
        const value = answers[field.key]!;
        const values = Array.isArray(value)
          ? value
          : field.kind === 'region'
            ? regionPath(value as string)
            : [asText(value)];
        return values.map((v) => ({ k: field.key, v: facetValue(formKey, field, v) }));
      });
  }

  return {
    facetValue,

    /** The stored fields that follow from the answers. */
    seal(id: string, formKey: string, content: FormContent, answers: Answers): Stored {
      const secret = new Set(
        fieldsOf(content)
          .filter(isSensitive)
          .map(({ key }) => key),
      );
      const part = (sensitive: boolean) =>
        Object.fromEntries(Object.entries(answers).filter(([key]) => secret.has(key) === sensitive));
      const hidden = part(true);
      const { name, document, phone } = personOf(content, answers);
      return {
        answers: part(false),
        sealed: Object.keys(hidden).length ? cipher.sealJson(hidden, context('answers', id)) : null,
        facets: facets(formKey, content, answers),
        name: name ?? null,
        ...(phone ? { phoneIndex: indexes.phoneIndex(phone) } : {}),
        ...(document ? { documentIndex: indexes.documentIndex(document) } : {}),
      };
    },

    /** All answers in clear. */
    open: (doc: Pick<SubmissionDoc, '_id' | 'answers' | 'sealed'>): Answers => ({
      ...doc.answers,
      ...(doc.sealed ? cipher.openJson<Answers>(doc.sealed, context('answers', String(doc._id))) : {}),
    }),

    /** The unique key of a submission under the form's rule; undefined for a form without one. */
    dedupeKey(formKey: string, content: FormContent, answers: Answers): string | undefined {
      if (!content.dedupe?.length) return undefined;
      const values = [...content.dedupe].sort().map((key) => [key, answers[key] ?? null]);
      return cipher.index('submission.dedupe', JSON.stringify([formKey, values]));
    },

    historyContext: (id: string) => context('history', id),
  };
}

export type SubmissionCodec = ReturnType<typeof createSubmissionCodec>;

/** Splits a stored form into what is set and what is removed. */
export function asUpdate(
  stored: Stored,
  dedupeKey: string | undefined,
): { $set: Partial<SubmissionDoc>; $unset?: Record<string, 1> } {
  const $set: Partial<SubmissionDoc> = { ...stored, ...(dedupeKey ? { dedupeKey } : {}) };
  const gone = (['documentIndex', 'phoneIndex', 'dedupeKey'] as const).filter((key) => $set[key] === undefined);
  return { $set, ...(gone.length ? { $unset: Object.fromEntries(gone.map((key) => [key, 1 as const])) } : {}) };
}

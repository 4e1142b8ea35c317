import {
  factsOf,
  fieldsOf,
  isSensitive,
  mappedFields,
  type Answers,
  type AnswerValue,
  type Field,
  type FormContent,
  type PersonFacts,
} from '../../../shared/fields/index.ts';
import { isSortable, sortValue } from '../../../shared/record-sorts.ts';
import type { Cipher } from '../../infra/crypto/index.ts';
import type { PersonIndexes } from '../people/index.ts';
import { listsOf } from './submissions.listed.ts';
import type { SubmissionDoc } from './submissions.model.ts';

/** What an import has worked out of a row's answers before it knows their document. */
export interface Known {
  facts: PersonFacts;
  indexes: PersonIndexes;
  hash: string;
  dedupeKey: string | undefined;
}

type Stored = Pick<
  SubmissionDoc,
  'answers' | 'sealed' | 'answersHash' | 'facets' | 'listed' | 'name' | 'phoneIndex' | 'documentIndex'
>;

/** What is to be known of a form's content; worked out once for all rows of an import. */
interface Plan {
  secret: ReadonlySet<string>;
  filterable: readonly Field[];
  /** All keys in one order, whatever a version's steps. */
  sorted: readonly string[];
  dedupe: readonly string[];
  mapped: readonly Field[];
  byKey: ReadonlyMap<string, Field>;
}

/** Where a form's sort of this place is in `sort`. */
export const slotOf = (place: number): string => `s${place}`;

const planOf = (content: FormContent): Plan => {
  const fields = fieldsOf(content);
  return {
    secret: new Set(fields.filter(isSensitive).map(({ key }) => key)),
    filterable: fields.filter(({ filterable }) => filterable),
    sorted: fields.map(({ key }) => key).sort(),
    dedupe: [...(content.dedupe ?? [])].sort(),
    mapped: mappedFields(content),
    byKey: new Map(fields.map((field) => [field.key, field])),
  };
};

const asText = (value: AnswerValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Between checked answers and how they are stored: the sensitive ones sealed, some as blind indexes, some as facets. */
export function createSubmissionCodec(
  cipher: Cipher,
  indexesOf: (facts: PersonFacts) => PersonIndexes,
  regionPath: (code: string) => string[],
) {
  const context = (field: string, id: string) => `submission.${field}:${id}`;
  const plans = new WeakMap<FormContent, Plan>();
  const plan = (content: FormContent): Plan => {
    let known = plans.get(content);
    if (!known) plans.set(content, (known = planOf(content)));
    return known;
  };

  /** A facet's value; that of a sensitive field is a blind index, for equality only. */
  const facetValue = (formKey: string, field: Field, value: string) =>
    isSensitive(field) ? cipher.index(`submission.facet.${formKey}.${field.key}`, value) : value;

  function facets(formKey: string, content: FormContent, answers: Answers): Stored['facets'] {
    const found: Stored['facets'] = [];
    for (const field of plan(content).filterable) {
      const value = answers[field.key];
      if (value === undefined) continue;
      const values = Array.isArray(value)
        ? (value as string[])
        : field.kind === 'region'
          ? regionPath(value as string)
          : [asText(value)];
      for (const v of values) found.push({ k: field.key, v: facetValue(formKey, field, v) });
    }
    return found;
  }

  /** Equal for equal answers of a form, whichever version they were given on. */
  const answersHash = (formKey: string, content: FormContent, answers: Answers): string => {
    const pairs: unknown[] = [formKey];
    for (const key of plan(content).sorted) if (answers[key] !== undefined) pairs.push(key, answers[key]);
    return cipher.index('submission.answers', JSON.stringify(pairs));
  };

  return {
    facetValue,
    answersHash,

    /** What the answers say about the person, as `personOf`. */
    facts: (content: FormContent, answers: Answers): PersonFacts => factsOf(plan(content).mapped, answers),

    /** The stored fields that follow from the answers and the region that the record belongs to. */
    seal(
      id: string,
      { formKey, content, regionPath: place }: { formKey: string; content: FormContent; regionPath: readonly string[] },
      answers: Answers,
      known?: Known,
    ): Stored {
      const { secret } = plan(content);
      const clear: Answers = {};
      const hidden: Answers = {};
      for (const key of Object.keys(answers)) (secret.has(key) ? hidden : clear)[key] = answers[key]!;
      const facts = known?.facts ?? factsOf(plan(content).mapped, answers);
      const found = facets(formKey, content, answers);
      return {
        answers: clear,
        sealed: Object.keys(hidden).length ? cipher.sealJson(hidden, context('answers', id)) : null,
        answersHash: known?.hash ?? answersHash(formKey, content, answers),
        facets: found,
        listed: listsOf(formKey, place, found),
        name: facts.name ?? null,
        ...(known?.indexes ?? indexesOf(facts)),
      };
    },

    /** What the records of a form are sorted by, by slot; undefined for a form without sorts. */
    sort(content: FormContent, answers: Answers, sorts: readonly string[]): Record<string, string> | undefined {
      if (sorts.length === 0) return undefined;
      const { byKey } = plan(content);
      return Object.fromEntries(
        sorts.map((key, slot) => {
          const field = byKey.get(key);
          return [slotOf(slot), field && isSortable(field) ? sortValue(field, answers[key]) : ''];
        }),
      );
    },

    /** All answers in clear. */
    open: (doc: Pick<SubmissionDoc, '_id' | 'answers' | 'sealed'>): Answers => ({
      ...doc.answers,
      ...(doc.sealed ? cipher.openJson<Answers>(doc.sealed, context('answers', String(doc._id))) : {}),
    }),

    /** The unique key of a submission under the form's rule; undefined for a form without one. */
    dedupeKey(formKey: string, content: FormContent, answers: Answers): string | undefined {
      const { dedupe } = plan(content);
      if (dedupe.length === 0) return undefined;
      const values = dedupe.map((key) => [key, answers[key] ?? null]);
      return cipher.index('submission.dedupe', JSON.stringify([formKey, values]));
    },

    /** The unique key of a submission that an import makes beside another one: once for each import. */
    besideKey: (dedupeKey: string, importId: { toString(): string }): string =>
      cipher.index('submission.beside', `${String(importId)}:${dedupeKey}`),

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

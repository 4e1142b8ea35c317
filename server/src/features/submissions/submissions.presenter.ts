import {
  fieldsOf,
  formatValue,
  isSensitive,
  personOf,
  type Field,
  type FormContent,
  type Locale,
  type RegionLookup,
} from '../../../shared/fields/index.ts';
import { maskValue } from '../../../shared/fields/projections.ts';
import type { Cipher } from '../../infra/crypto/index.ts';
import { timelineOf } from '../history/index.ts';
import { PERSON_FIELDS } from '../people/index.ts';
import type { Forms } from '../forms/index.ts';
import type { SubmissionCodec } from './submissions.codec.ts';
import type { SubmissionDoc } from './submissions.model.ts';

interface Parts {
  cipher: Cipher;
  codec: SubmissionCodec;
  forms: Pick<Forms, 'version'>;
  regions: RegionLookup;
}

/** A value as text, masked where its field is sensitive; null for none. */
export function showAnswer(
  field: Field | undefined,
  value: unknown,
  locale: Locale,
  regions: RegionLookup,
): string | null {
  if (!field || value === undefined || value === null) return null;
  return (
    (isSensitive(field)
      ? maskValue(field, value, locale, { regions })
      : formatValue(field, value, locale, { regions })) || null
  );
}

/** Submissions as staff get them: what is sensitive masked for everybody. Clear values leave by `reveal` only. */
export function createSubmissionPresenter({ cipher, codec, forms, regions }: Parts) {
  /** Versions are never deleted: a stored submission has its own. */
  async function contentOf({ formKey, version }: SubmissionDoc): Promise<FormContent> {
    const found = await forms.version(formKey, version);
    if (!found) throw new Error(`version ${version} of form ${formKey} is gone`);
    return found.content;
  }

  async function summary(doc: SubmissionDoc, locale: Locale) {
    const content = await contentOf(doc);
    const clear = codec.open(doc);
    const person = personOf(content, clear);
    const answers = Object.fromEntries(
      fieldsOf(content)
        .filter(({ key }) => clear[key] !== undefined)
        .map((field) => [
          field.key,
          isSensitive(field) ? showAnswer(field, clear[field.key], locale, regions) : clear[field.key],
        ]),
    );
    const mask = (field: Field, value: unknown) =>
      value === undefined ? null : maskValue(field, value, locale, { regions }) || null;
    return {
      id: String(doc._id),
      receiptNumber: doc.receiptNumber,
      formKey: doc.formKey,
      version: doc.version,
      status: doc.status,
      source: doc.source,
      personId: doc.personId ? String(doc.personId) : null,
      claimed: doc.claimed,
      name: doc.name,
      phone: mask(PERSON_FIELDS.phone, person.phone),
      document: mask(PERSON_FIELDS.document, person.document),
      regionName: person.region ? regions.path(person.region).join('/') || null : null,
      answers,
      submittedAt: doc.submittedAt.toISOString(),
      updatedAt: doc.updatedAt.toISOString(),
      deletedAt: doc.deletedAt?.toISOString() ?? null,
    };
  }

  return {
    contentOf,
    summary,
    async detail(doc: SubmissionDoc, locale: Locale) {
      const content = await contentOf(doc);
      const clear = codec.open(doc);
      const fields = new Map(fieldsOf(content).map((field) => [field.key, field]));
      return {
        ...(await summary(doc, locale)),
        rev: doc.rev,
        deletedBy: doc.deletedBy,
        importId: doc.importId ? String(doc.importId) : null,
        row: doc.row ?? null,
        sensitive: Object.keys(clear).filter((key) => isSensitive(fields.get(key)!)),
        history: timelineOf(cipher, codec.historyContext(String(doc._id)), doc.history, clear, (key, value) =>
          showAnswer(fields.get(key), value, locale, regions),
        ),
      };
    },
  };
}

export type SubmissionPresenter = ReturnType<typeof createSubmissionPresenter>;

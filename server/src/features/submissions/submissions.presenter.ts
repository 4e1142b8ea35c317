import {
  fieldsOf,
  personOf,
  type Answers,
  type Field,
  type FormContent,
  type Locale,
  type RegionLookup,
} from '../../../shared/fields/index.ts';
import { maskValue } from '../../../shared/fields/projections.ts';
import type { Cipher } from '../../infra/crypto/index.ts';
import { seenOf, timelineOf } from '../history/index.ts';
import { PERSON_FIELDS } from '../people/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Access } from '../record-settings/index.ts';
import type { SubmissionCodec } from './submissions.codec.ts';
import type { SubmissionDoc } from './submissions.model.ts';
import { reviewOf } from './submissions.review-view.ts';
import { mappedTo, seeAnswers, showAs } from './submissions.sight.ts';

interface Parts {
  cipher: Cipher;
  codec: SubmissionCodec;
  forms: Pick<Forms, 'version'>;
  regions: RegionLookup;
}

/**
 * Submissions as staff get them: each answer shown, masked or left out as the field rights say; what is sensitive is masked
 * at best. Clear values leave by `reveal` only.
 */
export function createSubmissionPresenter({ cipher, codec, forms, regions }: Parts) {
  /** Versions are never deleted: a stored submission has its own. */
  async function contentOf({ formKey, version }: Pick<SubmissionDoc, 'formKey' | 'version'>): Promise<FormContent> {
    const found = await forms.version(formKey, version);
    if (!found) throw new Error(`version ${version} of form ${formKey} is gone`);
    return found.content;
  }

  async function summary(doc: SubmissionDoc, locale: Locale, access: Access) {
    const content = await contentOf(doc);
    const see = seeAnswers(access, doc);
    const clear = codec.open(doc);
    const seen: Answers = {};
    const answers: Record<string, unknown> = {};
    for (const field of fieldsOf(content)) {
      const value = clear[field.key];
      const sight = see(field);
      if (value === undefined || sight === 'hide') continue;
      seen[field.key] = value;
      answers[field.key] = sight === 'show' ? value : showAs(sight, field, value, locale, regions);
    }
    // What is hidden says nothing of the person either.
    const person = personOf(content, seen);
    const mask = (field: Field, value: unknown) =>
      value === undefined ? null : maskValue(field, value, locale, { regions }) || null;
    const nameField = mappedTo(content, 'person.name');
    const regionField = mappedTo(content, 'person.region') ?? mappedTo(content, 'person.address');
    return {
      id: String(doc._id),
      receiptNumber: doc.receiptNumber,
      formKey: doc.formKey,
      version: doc.version,
      status: doc.status,
      source: doc.source,
      personId: doc.personId ? String(doc.personId) : null,
      claimed: doc.claimed,
      name: nameField ? showAs(see(nameField), nameField, doc.name, locale, regions) : doc.name,
      phone: mask(PERSON_FIELDS.phone, person.phone),
      document: mask(PERSON_FIELDS.document, person.document),
      regionName: !person.region
        ? null
        : regionField?.kind === 'region' && see(regionField) === 'mask'
          ? mask(regionField, person.region)
          : regions.path(person.region).join('/') || null,
      answers,
      submittedAt: doc.submittedAt.toISOString(),
      updatedAt: doc.updatedAt.toISOString(),
      deletedAt: doc.deletedAt?.toISOString() ?? null,
      rev: doc.rev,
    };
  }

  return {
    contentOf,
    summary,
    async detail(doc: SubmissionDoc, locale: Locale, access: Access) {
      const content = await contentOf(doc);
      const clear = codec.open(doc);
      const all = fieldsOf(content);
      const fields = new Map(all.map((field) => [field.key, field]));
      const see = seeAnswers(access, doc);
      const sightOf = (key: string) => (fields.has(key) ? see(fields.get(key)!) : 'hide');
      const context = codec.historyContext(String(doc._id));
      const timeline = timelineOf(cipher, context, doc.history, clear, (key, value) =>
        showAs(sightOf(key), fields.get(key), value, locale, regions),
      );
      const keys = (wanted: (field: Field) => boolean) =>
        all.filter((field) => field.kind !== 'static' && wanted(field)).map(({ key }) => key);
      return {
        ...(await summary(doc, locale, access)),
        deletedBy: doc.deletedBy,
        importId: doc.importId ? String(doc.importId) : null,
        row: doc.row ?? null,
        review: reviewOf(doc),
        sensitive: keys((field) => clear[field.key] !== undefined && see(field) === 'mask'),
        hidden: keys((field) => see(field) === 'hide'),
        readOnly: keys((field) => !access.mayWrite(doc.formKey, field, doc.scope)),
        history: seenOf(timeline, (key) => sightOf(key) !== 'hide'),
      };
    },
  };
}

export type SubmissionPresenter = ReturnType<typeof createSubmissionPresenter>;

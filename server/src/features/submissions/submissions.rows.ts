import type { Types } from 'mongoose';
import { fieldsOf, type Answers } from '../../../shared/fields/index.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import type { PublishedVersion } from '../forms/index.ts';
import type { People } from '../people/index.ts';
import type { Access } from '../record-settings/index.ts';
import { stampScope, type Places, type Scope } from '../scope/index.ts';
import type { Known, SubmissionCodec } from './submissions.codec.ts';

export interface ImportedRow {
  /** Of the file. */
  row: number;
  /** Checked by `checkForm`. */
  answers: Answers;
}

/**
 * What happens to a row whose values, by the form's rule, a submission has already: `skip` leaves that one, `update` changes
 * it, `create` makes a second one beside it, `review` writes nothing and leaves it to a person. A row that says what is
 * stored is `unchanged` under every rule.
 */
export const DUPLICATE_RULES = ['skip', 'update', 'create', 'review'] as const;
export type DuplicateRule = (typeof DUPLICATE_RULES)[number];

/**
 * What became of a row. `duplicate`: one with the same values is there, and was to be left, lies out of the caller's reach or
 * was written by an earlier row of this file; `review`: a person is to decide; `outOfScope`: the caller may not write where
 * the row belongs, or not one of the fields that it fills in.
 */
export type RowOutcome = 'inserted' | 'updated' | 'unchanged' | 'duplicate' | 'review' | 'outOfScope';

export interface RowResult {
  outcome: RowOutcome;
  /** The submission that has the row's values already, where the caller may know of it. */
  holder: Types.ObjectId | null;
}

export interface ImportRun {
  caller: StaffCaller;
  form: PublishedVersion;
  importId: Types.ObjectId;
  onDuplicate: DuplicateRule;
  /** An earlier finished import of the same file into the same version: what it wrote is looked for by row. */
  repeatOf?: Types.ObjectId | undefined;
}

/** A row with what follows from its answers alone. */
export interface Candidate extends Known {
  /** Its place in the batch. */
  at: number;
  row: number;
  answers: Answers;
  scope: Scope;
}

/** The rows of a batch that the caller may write where they belong, with every field that they fill in. */
export async function candidatesOf(
  rows: readonly ImportedRow[],
  { caller, form: { key, content } }: Pick<ImportRun, 'caller' | 'form'>,
  { codec, people, access }: { codec: SubmissionCodec; people: Pick<People, 'places' | 'indexes'>; access: Access },
): Promise<Candidate[]> {
  const scopes = new Map<string | undefined, Scope | null>();
  const candidates: Candidate[] = [];
  const ruled = access.subjects.includes(key) ? fieldsOf(content) : [];
  for (const [at, { row, answers }] of rows.entries()) {
    const facts = codec.facts(content, answers);
    let scope = scopes.get(facts.region);
    if (scope === undefined) scopes.set(facts.region, (scope = await scopeOf(caller, facts.region, people.places)));
    if (!scope) continue;
    const place = scope;
    if (ruled.some((field) => answers[field.key] !== undefined && !access.mayWrite(key, field, place))) continue;
    candidates.push({
      at,
      row,
      answers,
      facts,
      indexes: people.indexes.indexesOf(facts),
      scope,
      dedupeKey: codec.dedupeKey(key, content, answers),
      hash: codec.answersHash(key, content, answers),
    });
  }
  return candidates;
}

/** The scope of a row, or null where the caller may not write. */
async function scopeOf(caller: StaffCaller, region: string | undefined, places: Places): Promise<Scope | null> {
  try {
    return await stampScope(caller, 'submission.write', region, places);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

import type { ClientSession, mongo, Types } from 'mongoose';
import type { Answers } from '../../../shared/fields/index.ts';
import type { Carried, Loss } from '../../../shared/forms/carry.ts';
import { sameJson } from '../../../shared/forms/changes.ts';
import type { Deps } from '../../deps.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { PublishedVersion } from '../forms/index.ts';
import { entryOf, type By } from '../history/index.ts';
import { asUpdate } from './submissions.codec.ts';
import { isActive, submissionModel, type SubmissionDoc } from './submissions.model.ts';
import { noClaims, placeless, type KeyClaims } from './submissions.places.ts';
import { rulesStep } from './submissions.rules.ts';
import type { SubmissionParts } from './submissions.store.ts';

/**
 * What becomes of a submission that goes over to another version. `same`, `changed`: it is under the new version, with the same
 * or other answers. `lossy`: so it would be, without some answers. `incomplete`: something that the new version needs is not
 * there. `duplicate`: another one has its place under the new version's rule. The last two never go over, `lossy` ones as told.
 */
export const MIGRATION_OUTCOMES = ['same', 'changed', 'lossy', 'incomplete', 'duplicate'] as const;
export type MigrationOutcome = (typeof MIGRATION_OUTCOMES)[number];

export interface MigrationRun {
  /** The version that they go over to. */
  target: PublishedVersion;
  /** Submissions that would lose answers go over without these. */
  dropLost: boolean;
  /** The new answers of one that was filled on a version, as of a day. */
  carry(from: number, answers: Answers, day: string): Promise<Carried>;
}

export interface MigratedRecord {
  doc: SubmissionDoc;
  before: Answers;
  after: Answers;
  outcome: MigrationOutcome;
  /** It goes over. */
  moves: boolean;
  lost: Loss[];
  missing: Loss[];
  dedupeKey: string | undefined;
}

/** What a submission goes back to. */
interface Original {
  doc: SubmissionDoc;
  form: PublishedVersion;
  now: Answers;
  before: Answers;
  dedupeKey: string | undefined;
}

export interface Undone {
  restored: number;
  kept: number;
  /** The last one that was looked at; that of before when there was none. */
  last: Types.ObjectId | null;
  more: boolean;
}

/** The day on which the answers were given: what is relative to today was judged then. */
export const dayOf = ({ history, submittedAt }: SubmissionDoc): string => {
  const last = history.findLast(({ keys, action }) => keys.length > 0 && action !== 'migrated' && action !== 'undone');
  return shanghaiDay(last?.at ?? submittedAt);
};

const movable = (formKey: string, target: number) => ({
  formKey,
  version: { $lt: target },
  status: { $ne: 'withdrawn' as const },
});

/** Submissions from version to version: judged, written with their originals beside them, and taken back. */
export function createSubmissionMigration(
  { mongo, clock, cipher }: Deps,
  { forms, codec, recordSettings }: SubmissionParts,
) {
  const submissions = submissionModel(mongo);
  const originalContext = (id: string) => `submission.original:${id}`;

  /** The unique key under a version's rule; of one that an import made beside another, its own kind of key. */
  function keyOf(doc: SubmissionDoc, { key, content }: PublishedVersion, answers: Answers): string | undefined {
    if (!isActive(doc.status) || doc.deletedAt !== null) return undefined;
    const ruleKey = codec.dedupeKey(key, content, answers);
    return ruleKey && doc.beside && doc.importId ? codec.besideKey(ruleKey, doc.importId) : ruleKey;
  }

  async function judgeOne(doc: SubmissionDoc, { target, dropLost, carry }: MigrationRun): Promise<MigratedRecord> {
    const before = codec.open(doc);
    const { answers: after, lost, missing } = await carry(doc.version, before, dayOf(doc));
    const outcome =
      missing.length > 0 ? 'incomplete' : lost.length > 0 ? 'lossy' : sameJson(before, after) ? 'same' : 'changed';
    const moves = outcome === 'same' || outcome === 'changed' || (outcome === 'lossy' && dropLost);
    return {
      doc,
      before,
      after,
      outcome,
      moves,
      lost,
      missing,
      dedupeKey: moves ? keyOf(doc, target, after) : undefined,
    };
  }

  const entry = (id: string, by: By, action: string, before: Answers, after: Answers) =>
    entryOf(cipher, codec.historyContext(id), {
      at: clock(),
      by,
      action,
      before,
      after: sameJson(before, after) ? before : after,
    });

  function updateOf(
    { doc, before, after, outcome, dedupeKey }: MigratedRecord,
    target: PublishedVersion,
    { migrationId, by, sorts }: { migrationId: Types.ObjectId; by: By; sorts: readonly string[] },
  ): mongo.AnyBulkWriteOperation {
    const id = String(doc._id);
    const at = clock();
    const { regionPath } = doc.scope;
    const place = { formKey: target.key, content: target.content, regionPath };
    const { $set, $unset } = asUpdate(codec.seal(id, place, after), dedupeKey);
    const sort = codec.sort(target.content, after, sorts);
    const original = {
      migrationId,
      version: doc.version,
      sealed: outcome === 'same' ? null : cipher.sealJson(before, originalContext(id)),
      rev: doc.rev + 1,
      at,
    };
    return {
      updateOne: {
        filter: { _id: doc._id, rev: doc.rev },
        update: {
          $set: { ...$set, ...(sort ? { sort } : {}), version: target.version, updatedAt: at },
          ...($unset ? { $unset } : {}),
          $inc: { rev: 1 },
          $push: {
            history: entry(id, by, 'migrated', before, after),
            originals: original,
            ...rulesStep(doc, target.version, at),
          },
        },
      } as never,
    };
  }

  const apply = async (operations: mongo.AnyBulkWriteOperation[], session: ClientSession): Promise<void> => {
    if (operations.length === 0) return;
    const { matchedCount } = await submissions.collection.bulkWrite(operations, { session, ordered: true });
    // Within a transaction nobody else writes what it has read; else it is begun again.
    if (matchedCount !== operations.length) throw new Error('submissions changed while they were migrated');
  };

  /** What a submission was before its last migration. */
  async function originalOf(doc: SubmissionDoc): Promise<Original> {
    const { version, sealed } = doc.originals!.at(-1)!;
    const form = await forms.version(doc.formKey, version);
    if (!form) throw new Error(`version ${version} of form ${doc.formKey} is gone`);
    const now = codec.open(doc);
    const before = sealed === null ? now : cipher.openJson<Answers>(sealed, originalContext(String(doc._id)));
    return { doc, form, now, before, dedupeKey: keyOf(doc, form, before) };
  }

  /** The update that gives it back. */
  function backOf(
    { doc, form, now, before, dedupeKey }: Original,
    { by, sorts }: { by: By; sorts: readonly string[] },
  ): mongo.AnyBulkWriteOperation {
    const id = String(doc._id);
    const { regionPath } = doc.scope;
    const place = { formKey: doc.formKey, content: form.content, regionPath };
    const { $set, $unset } = asUpdate(codec.seal(id, place, before), dedupeKey);
    const sort = codec.sort(form.content, before, sorts);
    const at = clock();
    return {
      updateOne: {
        filter: { _id: doc._id, rev: doc.rev },
        update: {
          $set: { ...$set, ...(sort ? { sort } : {}), version: form.version, updatedAt: at },
          ...($unset ? { $unset } : {}),
          $inc: { rev: 1 },
          $pop: { originals: 1 },
          $push: { history: entry(id, by, 'undone', now, before), ...rulesStep(doc, form.version, at) },
        },
      } as never,
    };
  }

  return {
    /**
     * Says what becomes of submissions, in the order of their ids; nothing is written.
     * @param claims the same with every call of a dry run; new ones for each batch that is written
     */
    async judge(docs: readonly SubmissionDoc[], run: MigrationRun, claims: KeyClaims): Promise<MigratedRecord[]> {
      const records: MigratedRecord[] = [];
      for (const doc of docs) records.push(await judgeOne(doc, run));
      const moving = records.filter(({ moves }) => moves);
      for (const record of await placeless(submissions, run.target.key, moving, claims)) {
        record.outcome = 'duplicate';
        record.moves = false;
      }
      return records;
    },

    /** Which submissions of a form go over to a version: not those that were withdrawn, which are processed no more. */
    filter: movable,

    /** The next of them, by id. Runs in the caller's transaction. */
    next: (formKey: string, target: number, after: Types.ObjectId | null, limit: number) =>
      submissions
        .find({ ...movable(formKey, target), ...(after ? { _id: { $gt: after } } : {}) })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<SubmissionDoc[]>(),

    /** Writes those that move, each with what it was beside it. Runs in a transaction, with the note of how far it came. */
    async write(
      records: readonly MigratedRecord[],
      { target }: MigrationRun,
      { migrationId, by }: { migrationId: Types.ObjectId; by: By },
      session: ClientSession,
    ): Promise<void> {
      const { sorts } = await recordSettings.of(target.key);
      const moving = records.filter(({ moves }) => moves);
      await apply(
        moving.map((record) => updateOf(record, target, { migrationId, by, sorts })),
        session,
      );
    },

    /**
     * The next part of taking a migration back, in the opposite order, so that each finds the place free again that a later one
     * has taken. What somebody has changed since stays, and what has lost its place under the old rule. Runs in a transaction,
     * with the note of how far it came.
     */
    async undo(
      migrationId: Types.ObjectId,
      { by, after, limit }: { by: By; after: Types.ObjectId | null; limit: number },
      session: ClientSession,
    ): Promise<Undone> {
      const docs = await submissions
        .find({ 'originals.migrationId': migrationId, ...(after ? { _id: { $lt: after } } : {}) })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<SubmissionDoc[]>();
      const originals: Original[] = [];
      for (const doc of docs) {
        const last = doc.originals!.at(-1)!;
        if (last.rev === doc.rev && String(last.migrationId) === String(migrationId))
          originals.push(await originalOf(doc));
      }
      const formKey = docs[0]?.formKey ?? '';
      const { sorts } = await recordSettings.of(formKey);
      const without = await placeless(submissions, formKey, originals, noClaims());
      const operations = originals.filter((one) => !without.has(one)).map((one) => backOf(one, { by, sorts }));
      await apply(operations, session);
      return {
        restored: operations.length,
        kept: docs.length - operations.length,
        last: docs.at(-1)?._id ?? after,
        more: docs.length === limit,
      };
    },

    /** What a submission was before each of its migrations, in clear; for a presenter that masks. */
    originals: (doc: SubmissionDoc) =>
      (doc.originals ?? []).map(({ migrationId, version, sealed, at }) => ({
        migrationId: String(migrationId),
        version,
        at: at.toISOString(),
        answers: sealed === null ? null : cipher.openJson<Answers>(sealed, originalContext(String(doc._id))),
      })),
  };
}

export type SubmissionMigration = ReturnType<typeof createSubmissionMigration>;

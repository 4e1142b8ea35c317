import type { Types } from 'mongoose';
import type { Deps } from '../../deps.ts';
import type { StaffCaller } from '../../http/index.ts';
import { byOf, entryOf, valuesBefore } from '../history/index.ts';
import { inScope } from '../scope/index.ts';
import { asUpdate, type PersonCodec } from './people.codec.ts';
import { personLinkModel, personModel, type PersonDoc } from './people.model.ts';

/** What a part of undoing an import came to, in documents. */
export interface Undone<Cursor> {
  removed: number;
  restored: number;
  /** Changed by somebody since, still needed, or out of the caller's reach. */
  kept: number;
  /** Go on behind it; null: that was all. */
  last: Cursor | null;
}

export interface UndoPeople {
  caller: StaffCaller;
  /** null at first. */
  after: Types.ObjectId | null;
  /** ≤ 1,000 people. */
  limit: number;
  /** Which of these people others still refer to. */
  inUse(ids: readonly Types.ObjectId[]): Promise<ReadonlySet<string>>;
}

/** Takes back what an import made of people, as far as nobody has changed it since. */
export function createPeopleUndo({ mongo, clock, cipher }: Deps, codec: PersonCodec) {
  const people = personModel(mongo);
  const links = personLinkModel(mongo);

  function back(doc: PersonDoc, caller: StaffCaller) {
    const id = String(doc._id);
    const now = codec.open(doc);
    const before = valuesBefore(cipher, codec.historyContext(id), doc.history, now);
    const { $set, $unset } = asUpdate(codec.seal(before, id));
    const entry = { at: clock(), by: byOf(caller), action: 'undone', before: { ...now }, after: { ...before } };
    return {
      updateOne: {
        filter: { _id: doc._id, rev: doc.rev },
        update: {
          $set: { ...$set, scope: { ...doc.scope, regionPath: doc.changedBy!.regionPath }, updatedAt: clock() },
          $unset: { ...$unset, changedBy: 1 as const },
          $inc: { rev: 1 },
          $push: { history: entryOf(cipher, codec.historyContext(id), entry) },
        },
      },
    };
  }

  /** Those that nobody needs: no account acts for them, and nothing refers to them. */
  async function unused(docs: readonly PersonDoc[], inUse: UndoPeople['inUse']): Promise<Types.ObjectId[]> {
    const ids = docs.map(({ _id }) => _id);
    if (ids.length === 0) return [];
    const linked = await links.distinct('personId', { personId: { $in: ids } });
    const used = await inUse(ids);
    const needed = new Set([...linked.map(String), ...used]);
    return ids.filter((id) => !needed.has(String(id)));
  }

  /**
   * The next part of undoing an import, by ids; after its submissions. People that it made and nobody needs go for good,
   * those that it changed get their values from before back. What somebody changed since, or lies out of reach of the
   * caller's `person.write`, stays. May run in a transaction, with the note of how far it came.
   */
  return async function undoImport(
    importId: Types.ObjectId,
    { caller, after, limit, inUse }: UndoPeople,
  ): Promise<Undone<Types.ObjectId>> {
    const behind = after ? { _id: { $gt: after } } : {};
    const part = (filter: object) =>
      people
        .find({ ...filter, ...behind })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<PersonDoc[]>();
    const [made, changed] = [await part({ importId }), await part({ 'changedBy.importId': importId })];
    const ids = [...made, ...changed].map(({ _id }) => String(_id)).sort();
    const end = ids[limit - 1] ?? null;
    const within = ({ _id }: PersonDoc) => end === null || String(_id) <= end;
    const [mine, theirs] = [made.filter(within), changed.filter(within)];

    const may = (doc: PersonDoc) => doc.deletedAt === null && inScope(caller, 'person.write', doc.scope);
    const gone = await unused(
      mine.filter((doc) => doc.rev === 1 && may(doc)),
      inUse,
    );
    const removed = gone.length ? (await people.deleteMany({ _id: { $in: gone }, rev: 1 })).deletedCount : 0;
    const operations = theirs
      .filter((doc) => doc.rev === doc.changedBy!.rev && may(doc))
      .map((doc) => back(doc, caller));
    const restored = operations.length
      ? (await people.bulkWrite(operations as never, { ordered: false })).modifiedCount
      : 0;
    const last = end === null ? null : new mongo.base.Types.ObjectId(end);
    return { removed, restored, kept: mine.length + theirs.length - removed - restored, last };
  };
}

import type { Types } from 'mongoose';
import type { PersonFacts } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { byOf, entryOf } from '../history/index.ts';
import { scoped } from '../scope/index.ts';
import { asUpdate } from './people.codec.ts';
import type { Actor, PeopleParts } from './people.edit.ts';
import { personMergeModel, type PersonMergeDoc } from './people.merge.model.ts';
import { personLinkModel, personModel, type PersonDoc } from './people.model.ts';

/** Who has more submissions than this is no duplicate to be merged by hand. */
const MOST_SUBMISSIONS = 5_000;

/** What refers to people from outside of this feature, and moves with them. */
export interface PeopleReferences {
  /** Moves submissions from one person to another; those named, else all. Call it in the transaction. @returns their ids */
  movePerson(
    from: Types.ObjectId,
    to: Types.ObjectId,
    options: { only?: readonly Types.ObjectId[]; most: number },
  ): Promise<Types.ObjectId[]>;
}

export interface MergeInput {
  into: string;
  rev: number;
  intoRev: number;
  /** Facts that are taken over from the duplicate. */
  take: readonly (keyof PersonFacts)[];
  reason: string;
}

interface Facts {
  before: Partial<PersonFacts>;
  after: Partial<PersonFacts>;
}

const pick = (facts: PersonFacts, keys: readonly (keyof PersonFacts)[]): Partial<PersonFacts> =>
  Object.fromEntries(keys.flatMap((key) => (facts[key] === undefined ? [] : [[key, facts[key]]])));
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Two people who are one become one: the duplicate goes into the recycle bin with a pointer, its submissions and accounts go
 * over, and all of it can be taken back until the bin is emptied.
 */
export function createPeopleMerge(deps: Deps, { audit, codec, places }: PeopleParts, { movePerson }: PeopleReferences) {
  const { mongo, clock, cipher } = deps;
  const people = personModel(mongo);
  const links = personLinkModel(mongo);
  const merges = personMergeModel(mongo);
  const { ObjectId } = mongo.base.Types;
  const sealed = (field: string, id: unknown) => `personMerge.${field}:${String(id)}`;

  /** @throws not_found for who is out of reach of any of the rights that it takes */
  async function reach(caller: StaffCaller, id: string | Types.ObjectId, filter: object): Promise<PersonDoc> {
    for (const permission of ['person.write', 'person.merge'] as const) {
      const doc = await scoped(people, caller, permission)
        .findOne({ _id: id, ...filter })
        .lean<PersonDoc>();
      if (!doc) throw new Problem('not_found');
      if (permission === 'person.merge') return doc;
    }
    throw new Problem('not_found');
  }

  /** Writes facts and more to a person as it was read. @throws edit_conflict */
  async function write(
    doc: PersonDoc,
    facts: PersonFacts & { name: string },
    step: { action: string; by: ReturnType<typeof byOf>; reason?: string },
    set: Partial<PersonDoc> = {},
  ): Promise<void> {
    const id = String(doc._id);
    const before = codec.open(doc);
    const { $set, $unset } = asUpdate(codec.seal(facts, id));
    const moved = facts.region !== before.region && facts.region;
    const entry = { at: clock(), ...step, before: { ...before }, after: { ...facts } };
    const { modifiedCount } = await people.updateOne(
      { _id: doc._id, rev: doc.rev },
      {
        $set: {
          ...$set,
          ...(moved ? { scope: { ...doc.scope, regionPath: places.regionPath(moved) } } : {}),
          ...set,
          updatedAt: clock(),
        },
        ...($unset ? { $unset } : {}),
        $inc: { rev: 1 },
        $push: { history: entryOf(cipher, codec.historyContext(id), entry) },
      },
    );
    if (modifiedCount === 0) throw new Problem('edit_conflict');
  }

  /** An account that acts for the duplicate acts for who stays. */
  async function moveLinks(from: Types.ObjectId, into: Types.ObjectId): Promise<PersonMergeDoc['links']> {
    const found = await links.find({ personId: from }).lean();
    const moved = [];
    for (const { accountId, relation, createdAt } of found) {
      const there = await links.exists({ accountId, personId: into });
      if (there) await links.deleteOne({ accountId, personId: from });
      else await links.updateOne({ accountId, personId: from }, { $set: { personId: into } });
      moved.push({ accountId, relation, createdAt, moved: !there });
    }
    return moved;
  }

  async function moveLinksBack({ fromId, intoId, links: were }: PersonMergeDoc): Promise<void> {
    for (const { accountId, relation, createdAt, moved } of were) {
      if (moved) await links.updateOne({ accountId, personId: intoId }, { $set: { personId: fromId } });
      else await links.create([{ accountId, personId: fromId, relation, createdAt }]);
    }
  }

  return {
    /**
     * Merges person `id` into another.
     * @throws not_found, edit_conflict when either was changed since it was read, conflict for one and the same or for too
     * many submissions
     */
    merge({ caller, ip }: Actor, id: string, { into, rev, intoRev, take, reason }: MergeInput): Promise<PersonDoc> {
      if (id === into) throw new Problem('conflict');
      return transact(mongo, async () => {
        const from = await reach(caller, id, { deletedAt: null });
        const kept = await reach(caller, into, { deletedAt: null });
        if (from.rev !== rev || kept.rev !== intoRev) throw new Problem('edit_conflict');
        const [theirs, old] = [codec.open(from), codec.open(kept)];
        const facts = { ...old, ...pick(theirs, take) };
        const now = clock();
        const by = byOf(caller);
        // First the duplicate: its document number is free then.
        await write(
          from,
          theirs,
          { action: 'merged', by, reason },
          {
            deletedAt: now,
            deletedBy: caller.name,
            mergedInto: kept._id,
          },
        );
        await write(kept, facts, { action: 'mergedWith', by, reason });
        const moved = await movePerson(from._id, kept._id, { most: MOST_SUBMISSIONS });
        const _id = new ObjectId();
        const doc: PersonMergeDoc = {
          _id,
          fromId: from._id,
          intoId: kept._id,
          taken: [...take],
          facts: cipher.sealJson(
            { before: pick(old, take), after: pick(facts, take) } satisfies Facts,
            sealed('facts', _id),
          ),
          submissions: moved,
          links: await moveLinks(from._id, kept._id),
          state: 'done',
          reason: cipher.seal(reason, sealed('reason', _id)),
          by: caller.accountId,
          byName: caller.name,
          at: now,
          undoneBy: null,
          undoneAt: null,
        };
        await merges.create([doc]);
        await audit.record({
          caller,
          ip,
          action: 'person.merged',
          object: { type: 'person', id: into },
          detail: { from: id, take, reason },
          facts: { submissions: moved.length, accounts: doc.links.length },
        });
        return (await people.findById(kept._id).lean<PersonDoc>())!;
      });
    },

    /**
     * Takes a merge back. What was changed of who stays since then stays changed; submissions that have gone elsewhere stay
     * there.
     * @throws not_found, also when the duplicate was purged; conflict when it is undone already or the number of its document
     * is registered to someone else by now
     */
    undo({ caller, ip }: Actor, mergeId: string): Promise<PersonDoc> {
      return transact(mongo, async () => {
        const merge = await merges.findById(mergeId).lean<PersonMergeDoc>();
        if (!merge) throw new Problem('not_found');
        const kept = await reach(caller, merge.intoId, {});
        const from = await reach(caller, merge.fromId, { mergedInto: merge.intoId });
        if (merge.state === 'undone' || kept.deletedAt) throw new Problem('conflict');
        const { before, after } = cipher.openJson<Facts>(merge.facts, sealed('facts', merge._id));
        const facts = codec.open(kept);
        const keys = merge.taken.filter((key): key is keyof PersonFacts =>
          same(facts[key as keyof PersonFacts], after[key as keyof PersonFacts]),
        );
        const rest = Object.fromEntries(Object.entries(facts).filter(([key]) => !keys.includes(key as never)));
        const back = { ...rest, ...pick(before as PersonFacts, keys) } as PersonFacts & { name: string };
        const by = byOf(caller);
        await write(kept, back, { action: 'unmerged', by });
        const theirs = codec.open(from);
        const { documentIndex } = codec.indexesOf(theirs);
        if (documentIndex && (await people.exists({ documentIndex, deletedAt: null }))) throw new Problem('conflict');
        await write(from, theirs, { action: 'unmerged', by }, { deletedAt: null, deletedBy: null, mergedInto: null });
        const moved = await movePerson(merge.intoId, merge.fromId, {
          only: merge.submissions,
          most: MOST_SUBMISSIONS,
        });
        await moveLinksBack(merge);
        await merges.updateOne(
          { _id: merge._id, state: 'done' },
          { $set: { state: 'undone', undoneBy: caller.name, undoneAt: clock() } },
        );
        await audit.record({
          caller,
          ip,
          action: 'person.unmerged',
          object: { type: 'person', id: String(merge.intoId) },
          detail: { from: String(merge.fromId) },
          facts: { submissions: moved.length },
        });
        return (await people.findById(merge.fromId).lean<PersonDoc>())!;
      });
    },
  };
}

export type PeopleMerge = ReturnType<typeof createPeopleMerge>;

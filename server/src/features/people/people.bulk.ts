import type { Types } from 'mongoose';
import type { PersonFacts } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import type { StaffCaller } from '../../http/index.ts';
import { insertNew } from '../../infra/mongo/index.ts';
import { byOf } from '../history/index.ts';
import { inScope, type Places, type Scope } from '../scope/index.ts';
import type { PersonCodec } from './people.codec.ts';
import { isIdentified, newerFacts, newPerson, staffMay, type Match } from './people.match.ts';
import { personModel, type PersonDoc } from './people.model.ts';

export interface PersonRow {
  facts: PersonFacts;
  /** Of the person, if it is new. */
  scope: Scope;
}

/** Many people at once, at the database's own speed. */
export function createPeopleBulk(deps: Deps, { places, codec }: { places: Places; codec: PersonCodec }) {
  const { mongo } = deps;
  const people = personModel(mongo);

  /**
   * Makes or updates the people of a batch (≤ 1,000 rows), inserting first and updating those that exist: the fastest way when
   * most are new. Existing people are changed only inside the caller's scope, and only when `onExisting` is `update`.
   * Running a batch again changes nothing, so it needs no transaction.
   * @returns for each row its person; `claimed` for one out of the caller's reach
   */
  return async function upsertMany(
    rows: readonly PersonRow[],
    { caller, onExisting }: { caller: StaffCaller; onExisting: 'update' | 'keep' },
  ): Promise<Match[]> {
    const by = byOf(caller);
    // Rows about the same person make it once, the later ones adding to the earlier.
    const wanted = new Map<string, { facts: PersonFacts & { name: string }; scope: Scope }>();
    const keys = rows.map(({ facts, scope }) => {
      if (!isIdentified(facts)) return null;
      const key = codec.documentIndex(facts.document);
      const earlier = wanted.get(key);
      wanted.set(key, earlier ? { facts: { ...earlier.facts, ...facts }, scope: earlier.scope } : { facts, scope });
      return key;
    });

    const fresh = [...wanted].map(([key, { facts, scope }]) => ({
      key,
      doc: newPerson(deps, codec, { _id: new mongo.base.Types.ObjectId(), facts, scope, by }),
    }));
    const refused = new Set(
      await insertNew(
        people,
        fresh.map(({ doc }) => doc),
      ),
    );
    const matches = new Map<string, Match>();
    fresh.forEach(({ key, doc }, at) => {
      if (!refused.has(at)) matches.set(key, { personId: doc._id, claimed: false });
    });

    const known = fresh.filter((_, at) => refused.has(at)).map(({ key }) => key);
    if (known.length) {
      const existing = await people.find({ documentIndex: { $in: known }, deletedAt: null }).lean<PersonDoc[]>();
      const updates = existing.flatMap((doc) => {
        const may = staffMay(caller, doc.scope);
        matches.set(
          doc.documentIndex!,
          may === 'claim' ? { personId: null, claimed: true } : { personId: doc._id, claimed: false },
        );
        if (may !== 'change' || onExisting === 'keep') return [];
        const moves = (to: Scope) => inScope(caller, 'person.write', to);
        const newer = newerFacts(deps, codec, { doc, facts: wanted.get(doc.documentIndex!)!.facts, by, places, moves });
        return newer ? [{ updateOne: newer }] : [];
      });
      if (updates.length) await people.collection.bulkWrite(updates as never, { ordered: false });
    }
    // Nobody found: deleted between the two steps. The row stands without a person, and can be matched later.
    return keys.map((key) =>
      key === null
        ? { personId: null as Types.ObjectId | null, claimed: false }
        : (matches.get(key) ?? { personId: null, claimed: true }),
    );
  };
}

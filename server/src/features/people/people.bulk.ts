import type { Types } from 'mongoose';
import type { PersonFacts } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import type { StaffCaller } from '../../http/index.ts';
import { insertNew, updateRead } from '../../infra/mongo/index.ts';
import { byOf } from '../history/index.ts';
import { inScope, type Places, type Scope } from '../scope/index.ts';
import type { PersonCodec, PersonIndexes } from './people.codec.ts';
import { isIdentified, newerFacts, newPerson, staffMay, type Match } from './people.match.ts';
import { personModel, type PersonDoc } from './people.model.ts';

export interface PersonRow {
  facts: PersonFacts;
  indexes: PersonIndexes;
  /** Of the person, if it is new. */
  scope: Scope;
}

export interface PeopleRun {
  caller: StaffCaller;
  /** Existing people are changed only inside the caller's scope, and only by `update`. */
  onExisting: 'update' | 'keep';
  importId: Types.ObjectId;
}

type Known = PersonFacts & { name: string };

/** How often a batch is looked at again because others wrote the same people meanwhile. */
const ROUNDS = 5;
/** People of a batch who tell whether the others are new. */
const SAMPLE = 16;
const NOBODY: Match = { personId: null, claimed: false };
const CLAIM: Match = { personId: null, claimed: true };

/** Many people at once, at the database's own speed. */
export function createPeopleBulk(deps: Deps, { places, codec }: { places: Places; codec: PersonCodec }) {
  const { mongo } = deps;
  const people = personModel(mongo);

  /** Rows about the same person are one: the first makes it, and under `update` the later ones add to it. */
  function merge(rows: readonly PersonRow[], onExisting: PeopleRun['onExisting']) {
    const wanted = new Map<string, { facts: Known; indexes: PersonIndexes; scope: Scope }>();
    const keys = rows.map(({ facts, indexes, scope }) => {
      const key = indexes.documentIndex;
      if (key === undefined || !isIdentified(facts)) return null;
      const earlier = wanted.get(key);
      if (!earlier) wanted.set(key, { facts, indexes, scope });
      else if (onExisting === 'update')
        wanted.set(key, {
          facts: { ...earlier.facts, ...facts },
          indexes: { ...earlier.indexes, ...indexes },
          scope: facts.region ? scope : earlier.scope,
        });
      return key;
    });
    return { wanted, keys };
  }

  /**
   * Whether nearly all are new, going by some of them: then it is cheaper to insert them without looking, and to look only
   * for those that are refused. (Inserting a batch of known ones would cost three times the look.)
   */
  async function mostlyNew(keys: readonly string[]): Promise<boolean> {
    const step = Math.max(1, Math.floor(keys.length / SAMPLE));
    const sample = keys.filter((_, at) => at % step === 0);
    return (await people.countDocuments({ documentIndex: { $in: sample }, deletedAt: null })) * SAMPLE <= sample.length;
  }

  /**
   * Makes or updates the people of a batch (≤ 1,000 rows). Running a batch again changes nothing, so it needs no transaction;
   * people whom somebody else writes at the same moment are looked at again.
   * @returns for each row its person; `claimed` for one out of the caller's reach
   * @throws Error when others went on writing the same people
   */
  return async function upsertMany(rows: readonly PersonRow[], run: PeopleRun): Promise<Match[]> {
    const { caller, onExisting, importId } = run;
    const by = byOf(caller);
    const { wanted, keys } = merge(rows, onExisting);
    const matches = new Map<string, Match>();
    // What an update needs to know; its history is only added to.
    const fields = onExisting === 'update' ? { history: 0 as const } : { documentIndex: 1 as const, scope: 1 as const };

    let open = [...wanted.keys()];
    let looking = open.length > 0 && !(await mostlyNew(open));
    for (let round = 0; open.length > 0; round += 1) {
      if (round === ROUNDS) throw new Error('people that others went on writing');
      const existing = looking
        ? await people.find({ documentIndex: { $in: open }, deletedAt: null }, fields).lean<PersonDoc[]>()
        : [];
      const again: string[] = [];
      const updates = existing.flatMap((doc) => {
        const key = doc.documentIndex!;
        const may = staffMay(caller, doc.scope);
        matches.set(key, may === 'claim' ? CLAIM : { personId: doc._id, claimed: false });
        if (may !== 'change' || onExisting === 'keep') return [];
        const moves = (to: Scope) => inScope(caller, 'person.write', to);
        const newer = newerFacts(deps, codec, { doc, facts: wanted.get(key)!.facts, by, places, moves, importId });
        return newer ? [{ key, ...newer }] : [];
      });
      if (!(await updateRead(people, updates))) again.push(...updates.map(({ key }) => key));

      const fresh = open
        .filter((key) => !matches.has(key))
        .map((key) => ({
          key,
          doc: newPerson(deps, codec, { _id: new mongo.base.Types.ObjectId(), ...wanted.get(key)!, by, importId }),
        }));
      const refused = new Set(
        await insertNew(
          people,
          fresh.map(({ doc }) => doc),
        ),
      );
      fresh.forEach(({ key, doc }, at) => {
        if (refused.has(at)) again.push(key);
        else matches.set(key, { personId: doc._id, claimed: false });
      });
      open = again;
      looking = true;
    }
    return keys.map((key) => (key === null ? NOBODY : matches.get(key)!));
  };
}

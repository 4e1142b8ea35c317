import type { Types } from 'mongoose';
import type { Locale, PersonFacts } from '../../../shared/fields/index.ts';
import { HIDDEN } from '../../../shared/fields/projections.ts';
import { PEOPLE_SUBJECT } from '../../../shared/field-policy.ts';
import { residentIdFacts } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { byOf, changesOf, entryOf } from '../history/index.ts';
import type { Access, RecordSettings } from '../record-settings/index.ts';
import type { Regions } from '../regions/index.ts';
import { assertInScope, scoped, stampScope, type Places, type Scope } from '../scope/index.ts';
import { asUpdate, type PersonCodec } from './people.codec.ts';
import {
  checkFacts,
  leastFact,
  PERSON_FIELDS,
  PERSON_KEYS,
  PERSON_RIGHTS,
  seeFacts,
  showFact,
} from './people.fields.ts';
import { personModel, type PersonDoc } from './people.model.ts';

/** Who does something, from where, under which key. */
export interface Actor {
  caller: StaffCaller;
  ip: string;
  locale: Locale;
  requestKey: string | null;
}

export interface PeopleParts {
  audit: Audit;
  regions: Regions;
  places: Places;
  codec: PersonCodec;
  recordSettings: Pick<RecordSettings, 'access' | 'books'>;
}

export type RawFacts = { [K in keyof PersonFacts]?: unknown };

/** What a document or an address says where nothing else does. */
function complete(facts: PersonFacts): PersonFacts & { name: string } {
  const known = facts.document?.type === 'residentId' ? residentIdFacts(facts.document.number) : undefined;
  const region = facts.region ?? facts.address?.region;
  return {
    ...facts,
    name: facts.name as string,
    ...((facts.gender ?? known) ? { gender: facts.gender ?? known!.gender } : {}),
    ...((facts.birthDate ?? known) ? { birthDate: facts.birthDate ?? known!.birthDate } : {}),
    ...(region ? { region } : {}),
  };
}

/** Staff's writes of people: create, edit, recycle bin. Each is recorded in the person's history and in the audit. */
export function createPeopleEdit(deps: Deps, { audit, regions, places, codec, recordSettings }: PeopleParts) {
  const { mongo, clock, cipher } = deps;
  const people = personModel(mongo);
  const object = (id: string) => ({ type: 'person', id });

  function check(raw: RawFacts): PersonFacts & { name: string } {
    const { facts, issues } = checkFacts(raw, { today: shanghaiDay(clock()), regions: regions.lookup });
    if (issues.length) throw new Problem('invalid_input', { issues });
    return complete(facts);
  }

  /** Looks before the unique index does; who loses the race meets the index and looks again (`transact`). */
  async function assertFree(documentIndex: string | undefined, own?: Types.ObjectId): Promise<void> {
    if (!documentIndex) return;
    const holder = await people.findOne({ documentIndex, deletedAt: null }, { _id: 1 }).lean();
    if (holder && String(holder._id) !== String(own)) throw new Problem('conflict');
  }

  async function reach(
    caller: StaffCaller,
    permission: 'person.write' | 'person.delete',
    id: string,
    deleted: boolean,
  ): Promise<PersonDoc> {
    const doc = await scoped(people, caller, permission)
      .findOne({ _id: id, deletedAt: deleted ? { $ne: null } : null })
      .lean<PersonDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  const entry = (id: unknown, step: Omit<Parameters<typeof entryOf>[2], 'at'>) =>
    entryOf(cipher, codec.historyContext(String(id)), { at: clock(), ...step });

  /**
   * What stays as it is in an edit: what is read masked or not at all and is not sent, and what the caller may not change.
   * @throws invalid_input for sending what may not be changed
   */
  function keptOf(access: Access, scope: Scope, old: PersonFacts, raw: RawFacts): RawFacts {
    const see = seeFacts(access, scope);
    const fixed = PERSON_KEYS.filter((key) => !access.mayWrite(PEOPLE_SUBJECT, PERSON_FIELDS[key], scope));
    const issues = fixed
      .filter((key) => raw[key] !== undefined && JSON.stringify(raw[key] ?? undefined) !== JSON.stringify(old[key]))
      .filter((key) => see(key) !== 'mask')
      .map((key) => ({ path: `body.${key}`, code: 'field_right' }));
    if (issues.length) throw new Problem('invalid_input', { issues });
    const kept = PERSON_KEYS.filter((key) => fixed.includes(key) || (see(key) !== 'show' && raw[key] === undefined));
    return Object.fromEntries(kept.map((key) => [key, old[key]]));
  }

  return {
    /** @throws invalid_input, conflict when the document is registered already, forbidden outside of the caller's scope */
    create({ caller, ip, requestKey }: Actor, raw: RawFacts): Promise<PersonDoc> {
      const facts = check(raw);
      return transact(mongo, async () => {
        const earlier = requestKey ? await people.findOne({ requestKey }).lean<PersonDoc>() : null;
        if (earlier) return earlier;
        const scope = await stampScope(caller, 'person.write', facts.region, places);
        const _id = new mongo.base.Types.ObjectId();
        const stored = codec.seal(facts, String(_id));
        await assertFree(stored.documentIndex);
        const now = clock();
        const [doc] = await people.create([
          {
            _id,
            ...stored,
            scope,
            rev: 1,
            history: [entry(_id, { by: byOf(caller), action: 'created' })],
            createdAt: now,
            updatedAt: now,
            deletedAt: null,
            deletedBy: null,
            mergedInto: null,
            ...(requestKey ? { requestKey } : {}),
          },
        ]);
        await audit.record({ caller, ip, action: 'person.created', object: object(String(_id)) });
        return doc!.toObject() as PersonDoc;
      });
    },

    /** @throws not_found, edit_conflict when someone else saved since `rev`, invalid_input, conflict, forbidden */
    edit({ caller, ip, locale }: Actor, id: string, rev: number, raw: RawFacts): Promise<PersonDoc> {
      return transact(mongo, async () => {
        const doc = await reach(caller, 'person.write', id, false);
        if (doc.rev !== rev) throw new Problem('edit_conflict');
        const old = codec.open(doc);
        const access = await recordSettings.access(caller, PERSON_RIGHTS);
        const facts = check({ ...raw, ...keptOf(access, doc.scope, old, raw) });
        const scope =
          facts.region === old.region
            ? doc.scope
            : { ...doc.scope, regionPath: facts.region ? places.regionPath(facts.region) : doc.scope.regionPath };
        assertInScope(caller, 'person.write', scope);
        const stored = codec.seal(facts, id);
        if (stored.documentIndex !== doc.documentIndex) await assertFree(stored.documentIndex, doc._id);
        const { $set, $unset } = asUpdate(stored);
        const changed = await people
          .findOneAndUpdate(
            { _id: id, rev, deletedAt: null },
            {
              $set: { ...$set, scope, updatedAt: clock() },
              ...($unset ? { $unset } : {}),
              $inc: { rev: 1 },
              $push: {
                history: entry(id, { by: byOf(caller), action: 'edited', before: { ...old }, after: { ...facts } }),
              },
            },
            { returnDocument: 'after' },
          )
          .lean<PersonDoc>();
        if (!changed) throw new Problem('edit_conflict');
        const see = leastFact(await recordSettings.books());
        const changes = changesOf({ ...old }, { ...facts }, (key, value) =>
          see(key) === 'hide' && value !== undefined ? HIDDEN : showFact(see(key), key, value, locale, regions.lookup),
        );
        await audit.record({ caller, ip, action: 'person.changed', object: object(id), detail: { changes } });
        return changed;
      });
    },

    /** Into the recycle bin; the document number is free again. */
    async remove({ caller, ip }: Actor, id: string, reason: string): Promise<void> {
      await transact(mongo, async () => {
        await reach(caller, 'person.delete', id, false);
        await people.updateOne(
          { _id: id, deletedAt: null },
          {
            $set: { deletedAt: clock(), deletedBy: caller.name },
            $inc: { rev: 1 },
            $push: { history: entry(id, { by: byOf(caller), action: 'deleted', reason }) },
          },
        );
        await audit.record({ caller, ip, action: 'person.deleted', object: object(id), detail: { reason } });
      });
    },

    /** Out of the recycle bin. @throws conflict when the document is registered to someone else meanwhile */
    restore({ caller, ip }: Actor, id: string): Promise<PersonDoc> {
      return transact(mongo, async () => {
        const doc = await reach(caller, 'person.delete', id, true);
        // Who was merged comes back by undoing the merge.
        if (doc.mergedInto) throw new Problem('conflict');
        await assertFree(doc.documentIndex, doc._id);
        const restored = await people
          .findOneAndUpdate(
            { _id: id, deletedAt: { $ne: null } },
            {
              $set: { deletedAt: null, deletedBy: null },
              $inc: { rev: 1 },
              $push: { history: entry(id, { by: byOf(caller), action: 'restored' }) },
            },
            { returnDocument: 'after' },
          )
          .lean<PersonDoc>();
        if (!restored) throw new Problem('not_found');
        await audit.record({ caller, ip, action: 'person.restored', object: object(id) });
        return restored;
      });
    },
  };
}

export type PeopleEdit = ReturnType<typeof createPeopleEdit>;

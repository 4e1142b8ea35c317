import type { Types } from 'mongoose';
import type { PersonFacts } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import type { CitizenCaller, StaffCaller } from '../../http/index.ts';
import type { Audit } from '../audit/index.ts';
import { byOf, changedKeys, entryOf, type By } from '../history/index.ts';
import { inScope, type Places, type Scope } from '../scope/index.ts';
import { asUpdate, type PersonCodec, type PersonIndexes } from './people.codec.ts';
import { personLinkModel, personModel, type PersonDoc } from './people.model.ts';

/** What a submission becomes of: a person, or a claim to one that its sender has no say in. */
export interface Match {
  personId: Types.ObjectId | null;
  /** Someone with this document is registered already, and it is for an administrator to say whether that is meant. */
  claimed: boolean;
}

const NOBODY: Match = { personId: null, claimed: false };
const CLAIM: Match = { personId: null, claimed: true };

/** Facts that can make a person: a document says who it is, a name what to call them. */
export const isIdentified = (
  facts: PersonFacts,
): facts is PersonFacts & { name: string; document: NonNullable<PersonFacts['document']> } =>
  facts.document !== undefined && facts.name !== undefined;

/** What a member of staff may do to a person that exists. */
export function staffMay(caller: StaffCaller, scope: Scope): 'change' | 'link' | 'claim' {
  if (inScope(caller, 'person.write', scope)) return 'change';
  return inScope(caller, 'person.read', scope) ? 'link' : 'claim';
}

/** A new person as it is stored. */
export function newPerson(
  deps: Pick<Deps, 'clock' | 'cipher'>,
  codec: PersonCodec,
  input: {
    _id: Types.ObjectId;
    facts: PersonFacts & { name: string };
    indexes?: PersonIndexes;
    scope: Scope;
    by: By;
    importId?: Types.ObjectId;
  },
): PersonDoc {
  const { _id, facts, indexes, scope, by, importId } = input;
  const now = deps.clock();
  const id = String(_id);
  return {
    _id,
    ...codec.seal(facts, id, indexes),
    scope,
    ...(importId ? { importId } : {}),
    rev: 1,
    history: [entryOf(deps.cipher, codec.historyContext(id), { at: now, by, action: 'created' })],
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    deletedBy: null,
    mergedInto: null,
  };
}

/**
 * The update that adds newer facts to a stored person; null when they say nothing new. What they leave out stays. A person
 * moves to the region that they name, when `moves` allows its scope.
 */
export function newerFacts(
  deps: Pick<Deps, 'clock' | 'cipher'>,
  codec: PersonCodec,
  input: {
    doc: Omit<PersonDoc, 'history'>;
    facts: PersonFacts;
    by: By;
    places: Places;
    moves: (scope: Scope) => boolean;
    importId?: Types.ObjectId;
  },
) {
  const { doc, facts, by, places, moves, importId } = input;
  const old = codec.open(doc);
  const scope =
    facts.region && facts.region !== doc.region
      ? { ...doc.scope, regionPath: places.regionPath(facts.region) }
      : doc.scope;
  const { region: _region, address: _address, ...elsewhere } = facts;
  const next = { ...old, ...(moves(scope) ? facts : elsewhere) };
  if (changedKeys({ ...old }, { ...next }).length === 0) return null;
  const id = String(doc._id);
  const { $set, $unset } = asUpdate(codec.seal(next, id));
  const now = deps.clock();
  return {
    filter: { _id: doc._id, rev: doc.rev, deletedAt: null },
    update: {
      $set: {
        ...$set,
        scope: moves(scope) ? scope : doc.scope,
        updatedAt: now,
        ...(importId ? { changedBy: { importId, rev: doc.rev + 1, regionPath: doc.scope.regionPath } } : {}),
      },
      ...($unset ? { $unset } : {}),
      $inc: { rev: 1 },
      $push: {
        history: entryOf(deps.cipher, codec.historyContext(id), {
          at: now,
          by,
          action: 'edited',
          before: { ...old },
          after: { ...next },
        }),
      },
    },
  };
}

/** Who a single submission is about. Runs in the transaction that stores the submission. */
export function createPersonMatch(
  deps: Deps,
  { audit, places, codec }: { audit: Audit; places: Places; codec: PersonCodec },
) {
  const { mongo, clock } = deps;
  const people = personModel(mongo);
  const links = personLinkModel(mongo);

  async function link(accountId: string, personId: Types.ObjectId, caller: CitizenCaller, ip: string): Promise<void> {
    const relation = (await links.exists({ accountId, relation: 'self' })) ? 'family' : 'self';
    await links.create([{ accountId, personId, relation, createdAt: clock() }]);
    await audit.record({
      caller,
      ip,
      action: 'person.linked',
      object: { type: 'person', id: String(personId) },
      detail: { relation },
    });
  }

  /**
   * Finds the person by its document or makes it. A citizen changes nobody who is not linked to the account, and is linked
   * to nobody who existed before: else a document number would be enough to take someone over.
   */
  return async function match(
    facts: PersonFacts,
    { caller, scope, ip }: { caller: CitizenCaller | StaffCaller; scope: Scope; ip: string },
  ): Promise<Match> {
    if (!isIdentified(facts)) return NOBODY;
    const { documentIndex } = codec.indexesOf(facts);
    const doc = await people.findOne({ documentIndex: documentIndex!, deletedAt: null }).lean<PersonDoc>();
    if (!doc) {
      const made = newPerson(deps, codec, { _id: new mongo.base.Types.ObjectId(), facts, scope, by: byOf(caller) });
      await people.create([made]);
      if (caller.kind === 'citizen') await link(caller.accountId, made._id, caller, ip);
      return { personId: made._id, claimed: false };
    }
    const own = caller.kind === 'citizen';
    const may = own
      ? (await links.exists({ accountId: caller.accountId, personId: doc._id }))
        ? 'change'
        : 'claim'
      : staffMay(caller, doc.scope);
    if (may === 'claim') return CLAIM;
    if (may === 'change') {
      const moves = (to: Scope) => own || inScope(caller, 'person.write', to);
      const newer = newerFacts(deps, codec, { doc, facts, by: byOf(caller), places, moves });
      if (newer) await people.updateOne(newer.filter, newer.update);
    }
    return { personId: doc._id, claimed: false };
  };
}

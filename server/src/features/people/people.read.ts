import type { Locale } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { keyset, Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { timelineOf } from '../history/index.ts';
import { scoped } from '../scope/index.ts';
import { showFact, type SensitiveKey } from './people.fields.ts';
import { buildPeopleFilter } from './people.filter.ts';
import { personModel, type PersonDoc } from './people.model.ts';
import type { Actor, PeopleParts } from './people.edit.ts';
import type { PersonPresenter } from './people.presenter.ts';
import type { PersonFilters } from './people.schema.ts';

export interface PeopleListQuery extends PersonFilters {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}

/** Staff's reads of people; each within the caller's scope. */
export function createPeopleRead(
  deps: Deps,
  { audit, regions, codec, presenter }: PeopleParts & { presenter: PersonPresenter },
) {
  const { mongo, cipher } = deps;
  const people = personModel(mongo);

  async function one(
    caller: StaffCaller,
    permission: 'person.read' | 'personal.reveal',
    id: string,
  ): Promise<PersonDoc> {
    const doc = await scoped(people, caller, permission).findOne({ _id: id }).lean<PersonDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  return {
    async list(caller: StaffCaller, locale: Locale, query: PeopleListQuery) {
      const filter = buildPeopleFilter(codec, query);
      const paging = keyset('createdAt', query.cursor);
      const reach = scoped(people, caller, 'person.read');
      const found = await reach
        .find({ $and: [filter, paging.filter] }, { history: 0 })
        .sort(paging.sort)
        .limit(query.limit + 1)
        .lean<PersonDoc[]>();
      const { rows, nextCursor } = paging.cut(found, query.limit);
      return {
        items: rows.map((row) => presenter.summary(row, locale)),
        nextCursor,
        ...(query.count ? { total: await reach.countCapped(filter) } : {}),
      };
    },

    detail: async (caller: StaffCaller, locale: Locale, id: string) =>
      presenter.detail(await one(caller, 'person.read', id), locale),

    /** Who changed what, newest first; values masked. */
    async timeline(caller: StaffCaller, locale: Locale, id: string) {
      const doc = await one(caller, 'person.read', id);
      const show = (key: string, value: unknown) => showFact(key, value, locale, regions.lookup);
      return { items: timelineOf(cipher, codec.historyContext(id), doc.history, { ...codec.open(doc) }, show) };
    },

    /** Clear values, recorded with the reason before they leave. */
    reveal({ caller, ip }: Actor, id: string, fields: readonly SensitiveKey[], reason: string) {
      return transact(mongo, async () => {
        // Both: what may not be seen masked may not be seen in clear.
        await one(caller, 'person.read', id);
        const facts = codec.open(await one(caller, 'personal.reveal', id));
        await audit.record({
          caller,
          ip,
          action: 'person.revealed',
          object: { type: 'person', id },
          detail: { fields, reason },
        });
        return {
          values: Object.fromEntries(fields.flatMap((key) => (facts[key] === undefined ? [] : [[key, facts[key]]]))),
        };
      });
    },
  };
}

export type PeopleRead = ReturnType<typeof createPeopleRead>;

import type { QueryFilter } from 'mongoose';
import type { Locale, PersonFacts } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, sorted, type Paging, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { seenOf, timelineOf } from '../history/index.ts';
import { narrowed, scoped, totalOf } from '../scope/index.ts';
import { PERSON_RIGHTS, seeFacts, showFact } from './people.fields.ts';
import { buildPeopleFilter } from './people.filter.ts';
import { personModel, type PersonDoc } from './people.model.ts';
import type { Actor, PeopleParts } from './people.edit.ts';
import type { PersonPresenter } from './people.presenter.ts';
import type { PersonFilters } from './people.schema.ts';

export interface PeopleListQuery extends PersonFilters {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
  sort?: 'createdAt' | '-createdAt' | undefined;
}

/**
 * The recycle bin is in the order in which it was filled. A search by the beginning of a name is in the order of names, which the index of names has for nothing.
 */
export const orderOf = ({
  q,
  sort,
  cursor,
  deleted,
}: Pick<PeopleListQuery, 'q' | 'sort' | 'cursor' | 'deleted'>): Paging =>
  deleted
    ? sorted({ field: 'deletedAt', type: 'date', direction: -1 }, cursor)
    : q
      ? sorted({ field: 'name', type: 'text', direction: 1 }, cursor)
      : sorted({ field: 'createdAt', type: 'date', direction: sort === 'createdAt' ? 1 : -1 }, cursor);

/** Staff's reads of people; each within the caller's scope. */
export function createPeopleRead(
  deps: Deps,
  { audit, regions, codec, presenter, recordSettings }: PeopleParts & { presenter: PersonPresenter },
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
      const access = await recordSettings.access(caller, PERSON_RIGHTS);
      const filter = buildPeopleFilter(codec, narrowed(caller, 'person.read', query, regions.path), access);
      const paging = orderOf(query);
      const reach = scoped(people, caller, 'person.read');
      const [{ rows, nextCursor }, total] = await Promise.all([
        paging.page(query.limit, (range, most) =>
          reach
            .find({ $and: [filter, range.filter] } as QueryFilter<PersonDoc>, { history: 0 })
            .sort(range.sort)
            .limit(most)
            .lean<PersonDoc[]>(),
        ),
        query.count ? reach.countSoon(filter) : undefined,
      ]);
      return {
        items: rows.map((row) => presenter.summary(row, locale, access)),
        nextCursor,
        ...totalOf(total, rows, query.cursor ?? nextCursor),
      };
    },

    detail: async (caller: StaffCaller, locale: Locale, id: string) =>
      presenter.detail(
        await one(caller, 'person.read', id),
        locale,
        await recordSettings.access(caller, PERSON_RIGHTS),
      ),

    /** Who changed what, newest first; values masked. */
    async timeline(caller: StaffCaller, locale: Locale, id: string) {
      const doc = await one(caller, 'person.read', id);
      const see = seeFacts(await recordSettings.access(caller, PERSON_RIGHTS), doc.scope);
      const show = (key: string, value: unknown) => showFact(see(key), key, value, locale, regions.lookup);
      const items = timelineOf(cipher, codec.historyContext(id), doc.history, { ...codec.open(doc) }, show);
      return { items: seenOf(items, (key) => see(key) !== 'hide') };
    },

    /** Clear values, recorded with the reason before they leave. */
    reveal({ caller, ip }: Actor, id: string, fields: readonly (keyof PersonFacts)[], reason: string) {
      return transact(mongo, async () => {
        // Both: what may not be seen masked may not be seen in clear.
        const { scope } = await one(caller, 'person.read', id);
        const see = seeFacts(await recordSettings.access(caller, PERSON_RIGHTS), scope);
        const issues = fields.flatMap((key, at) =>
          see(key) === 'hide' ? [{ path: `body.fields.${at}`, code: 'field_right' }] : [],
        );
        if (issues.length) throw new Problem('invalid_input', { issues });
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

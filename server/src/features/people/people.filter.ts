import type { QueryFilter } from 'mongoose';
import type { PersonCodec } from './people.codec.ts';
import type { PersonDoc } from './people.model.ts';
import type { PersonFilters } from './people.schema.ts';

/** Texts that begin so; anchored and escaped, so that an index can serve it. */
export const beginsWith = (text: string) => new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`, 'u');

/** The MongoDB filter of a people list; data scope comes on top of it (`scoped`). */
export function buildPeopleFilter(codec: PersonCodec, query: PersonFilters): QueryFilter<PersonDoc> {
  const { q, phone, document, region, deleted } = query;
  return {
    deletedAt: deleted ? { $ne: null } : null,
    ...(q ? { name: beginsWith(q) } : {}),
    ...(phone ? { phoneIndex: codec.searchedPhone(phone) } : {}),
    ...(document ? { documentIndex: { $in: codec.documentIndexes(document) } } : {}),
    ...(region ? { 'scope.regionPath': region } : {}),
  } as QueryFilter<PersonDoc>;
}

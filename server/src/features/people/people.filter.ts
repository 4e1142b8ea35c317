import type { QueryFilter } from 'mongoose';
import { PEOPLE_SUBJECT } from '../../../shared/field-policy.ts';
import { Problem } from '../../http/index.ts';
import type { Access } from '../record-settings/index.ts';
import type { PersonCodec } from './people.codec.ts';
import { PERSON_FIELDS } from './people.fields.ts';
import type { PersonDoc } from './people.model.ts';
import type { PersonFilters } from './people.schema.ts';

/** Texts that begin so; anchored and escaped, so that an index can serve it. */
export const beginsWith = (text: string) => new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`, 'u');

/** @throws invalid_input for a search by what the caller may not see: its hits would tell */
function assertSearchable(access: Access, query: PersonFilters): void {
  const asked = { name: query.q, phone: query.phone, document: query.document };
  const issues = Object.entries({ name: 'q', phone: 'phone', document: 'document' } as const).flatMap(([key, name]) =>
    asked[key as 'name'] !== undefined && !access.maySearch(PEOPLE_SUBJECT, PERSON_FIELDS[key as 'name'])
      ? [{ path: `query.${name}`, code: 'field_right' }]
      : [],
  );
  if (issues.length) throw new Problem('invalid_input', { issues });
}

/**
 * The MongoDB filter of a people list; data scope comes on top of it (`scoped`).
 * @throws invalid_input for a search by what the caller may not see
 */
export function buildPeopleFilter(codec: PersonCodec, query: PersonFilters, access: Access): QueryFilter<PersonDoc> {
  assertSearchable(access, query);
  const { q, phone, document, region, deleted } = query;
  return {
    // As the index of the recycle bin says it.
    deletedAt: deleted ? { $type: 'date' } : null,
    // Those come back by undoing the merge.
    ...(deleted ? { mergedInto: null } : {}),
    ...(q ? { name: beginsWith(q) } : {}),
    ...(phone ? { phoneIndex: codec.searchedPhone(phone) } : {}),
    ...(document ? { documentIndex: { $in: codec.documentIndexes(document) } } : {}),
    ...(region ? { 'scope.regionPath': region } : {}),
  } as QueryFilter<PersonDoc>;
}

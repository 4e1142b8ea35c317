import { formatValue, type Locale, type PersonFacts } from '../../../shared/fields/index.ts';
import { maskValue } from '../../../shared/fields/projections.ts';
import { PEOPLE_SUBJECT } from '../../../shared/field-policy.ts';
import { PERSON_FIELDS, type People, type PersonDoc } from '../people/index.ts';
import type { Access } from '../record-settings/index.ts';
import type { Regions } from '../regions/index.ts';
import { shanghaiMinute } from '../../infra/clock/index.ts';
import { openedOnce, type Column } from './columns.ts';

/** The columns of exported people; sensitive ones masked unless `clear`. */
export function peopleColumns({
  people,
  regions,
  locale,
  clear,
  access,
}: {
  people: People;
  regions: Regions;
  locale: Locale;
  clear: boolean;
  access: Access;
}): Column<PersonDoc>[] {
  const factsOf = openedOnce((doc: PersonDoc): PersonFacts => people.open(doc));
  const look = { regions: regions.lookup };
  const offered = (Object.keys(PERSON_FIELDS) as (keyof PersonFacts)[]).filter(
    (key) => access.most(PEOPLE_SUBJECT, PERSON_FIELDS[key]) !== 'hide',
  );
  const facts = offered.map((key): Column<PersonDoc> => {
    const field = PERSON_FIELDS[key];
    return {
      key,
      label: field.label,
      width: key === 'address' || key === 'document' ? 28 : 16,
      show: (doc) => {
        const value = factsOf(doc)[key];
        const see = access.see(PEOPLE_SUBJECT, field, doc.scope);
        if (value === undefined || see === 'hide') return null;
        return see === 'mask' && !clear
          ? maskValue(field, value, locale, look)
          : formatValue(field, value, locale, look);
      },
    };
  });
  return [
    ...facts,
    {
      key: 'createdAt',
      label: { 'zh-CN': '登记时间', en: 'Registered at' },
      show: (doc) => shanghaiMinute(doc.createdAt),
    },
  ];
}

import { formatValue, type Locale, type PersonFacts } from '../../../shared/fields/index.ts';
import { maskValue } from '../../../shared/fields/projections.ts';
import { PERSON_FIELDS, SENSITIVE_KEYS, type People, type PersonDoc } from '../people/index.ts';
import type { Regions } from '../regions/index.ts';
import { shanghaiMinute } from '../../infra/clock/index.ts';
import { openedOnce, type Column } from './columns.ts';

/** The columns of exported people; sensitive ones masked unless `clear`. */
export function peopleColumns({
  people,
  regions,
  locale,
  clear,
}: {
  people: People;
  regions: Regions;
  locale: Locale;
  clear: boolean;
}): Column<PersonDoc>[] {
  const factsOf = openedOnce((doc: PersonDoc): PersonFacts => people.open(doc));
  const look = { regions: regions.lookup };
  const facts = (Object.keys(PERSON_FIELDS) as (keyof PersonFacts)[]).map((key): Column<PersonDoc> => {
    const field = PERSON_FIELDS[key];
    const hide = !clear && (SENSITIVE_KEYS as readonly string[]).includes(key);
    return {
      key,
      label: field.label,
      width: key === 'address' || key === 'document' ? 28 : 16,
      show: (doc) => {
        const value = factsOf(doc)[key];
        if (value === undefined) return null;
        return hide ? maskValue(field, value, locale, look) : formatValue(field, value, locale, look);
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

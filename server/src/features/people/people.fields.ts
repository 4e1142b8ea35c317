import { PEOPLE_SUBJECT, restricted, type RuleBook, type Sight } from '../../../shared/field-policy.ts';
import { maskValue } from '../../../shared/fields/projections.ts';
import {
  checkField,
  formatValue,
  normalise,
  type Fault,
  type Field,
  type Issue,
  type Locale,
  type PersonFacts,
  type RegionLookup,
} from '../../../shared/fields/index.ts';
import type { Access } from '../record-settings/index.ts';
import type { Scope } from '../scope/index.ts';

/** A person's facts as fields, so that one engine judges, shows and masks them. */
export const PERSON_FIELDS = {
  name: { key: 'name', kind: 'text', label: { 'zh-CN': '姓名', en: 'Name' }, required: true, min: 1, max: 60 },
  document: { key: 'document', kind: 'document', label: { 'zh-CN': '证件', en: 'Document' } },
  phone: { key: 'phone', kind: 'phone', label: { 'zh-CN': '手机号', en: 'Phone' } },
  gender: {
    key: 'gender',
    kind: 'radio',
    label: { 'zh-CN': '性别', en: 'Gender' },
    options: [
      { code: 'male', label: { 'zh-CN': '男', en: 'Male' } },
      { code: 'female', label: { 'zh-CN': '女', en: 'Female' } },
      { code: 'other', label: { 'zh-CN': '其他', en: 'Other' } },
    ],
  },
  birthDate: { key: 'birthDate', kind: 'date', label: { 'zh-CN': '出生日期', en: 'Date of birth' }, max: 'today' },
  region: { key: 'region', kind: 'region', label: { 'zh-CN': '所在地区', en: 'Region' } },
  address: { key: 'address', kind: 'address', label: { 'zh-CN': '住址', en: 'Address' } },
} as const satisfies Record<keyof PersonFacts, Field>;

/** The rights by which people are read and changed. */
export const PERSON_RIGHTS = ['person.read', 'person.write'] as const;

export const PERSON_KEYS = Object.keys(PERSON_FIELDS) as (keyof PersonFacts)[];
/** Stored sealed, shown masked, revealed with a reason. */
export const SENSITIVE_KEYS = ['document', 'phone', 'address'] as const satisfies (keyof PersonFacts)[];
export type SensitiveKey = (typeof SENSITIVE_KEYS)[number];

const isSensitiveKey = (key: string): boolean => (SENSITIVE_KEYS as readonly string[]).includes(key);

/** Judges and normalises a person's facts; undefined and null are none. Issues are those of a request's body. */
export function checkFacts(
  raw: Record<string, unknown>,
  ctx: { today: string; regions: RegionLookup },
): { facts: PersonFacts; issues: Issue[] } {
  const facts: Record<string, unknown> = {};
  const issues: Issue[] = [];
  for (const key of PERSON_KEYS) {
    const field: Field = PERSON_FIELDS[key];
    const value = normalise(field, raw[key] ?? undefined);
    const found = key === 'region' ? checkPlace(value, ctx.regions) : checkField(field, value, ctx);
    if (found) issues.push({ path: `body.${key}`, ...found });
    else if (value !== undefined && value !== '') facts[key] = value;
  }
  return { facts: facts as PersonFacts, issues };
}

/** A person may be known by province only. */
const checkPlace = (value: unknown, regions: RegionLookup): Fault | null =>
  value === undefined || value === '' || (typeof value === 'string' && regions.name(value) !== undefined)
    ? null
    : { code: 'unknown_region' };

/** How a caller sees a person's fact. */
export type SeeFact = (key: string) => Sight;

/** How the facts of a person with this scope are seen; an unknown key is hidden. */
export const seeFacts =
  (access: Access, scope: Scope): SeeFact =>
  (key) => {
    const field: Field | undefined = PERSON_FIELDS[key as keyof PersonFacts];
    return field ? access.see(PEOPLE_SUBJECT, field, scope) : 'hide';
  };

/** A value of a person as text, masked or left out as `see` says; null for none. */
export function showFact(
  see: Sight,
  key: string,
  value: unknown,
  locale: Locale,
  regions: RegionLookup,
): string | null {
  const field: Field | undefined = PERSON_FIELDS[key as keyof PersonFacts];
  if (!field || see === 'hide' || value === undefined || value === null) return null;
  return (
    (see === 'mask' ? maskValue(field, value, locale, { regions }) : formatValue(field, value, locale, { regions })) ||
    null
  );
}

/** What everybody may be shown, whatever the rules say of single roles: for what is kept, as the audit is. */
export const leastFact =
  (books: ReadonlyMap<string, RuleBook>): SeeFact =>
  (key) => {
    const least = restricted(books.get(PEOPLE_SUBJECT), key);
    return least === 'show' && isSensitiveKey(key) ? 'mask' : least;
  };

import { KINDS } from './kinds/index.ts';
import { textOf } from './kinds/kind.ts';
import { residentIdFacts } from './residentId.ts';
import type { AddressValue, Answers, DocumentValue, Field, FormContent, Locale, PersonTarget } from './types.ts';
import { own } from './own.ts';

/** All fields of a form, in the order in which they are asked. */
export function fieldsOf(content: FormContent): Field[] {
  const fields: Field[] = [];
  // A plain loop: an import does this for every row.
  for (const step of content.steps) for (const field of step.fields) fields.push(field);
  return fields;
}

/** A field by the path of an issue. */
export interface Spot {
  /** The form's field: the one itself, or the group that it is in. */
  whole: Field;
  field: Field;
  /** The group's record, from 0. */
  at: number | null;
}

/** The field that a path names (`answers.name`, `members.0.name`); undefined where the form has none there. */
export function spotOf(fields: readonly Field[], path: string): Spot | undefined {
  const [key, at, inner] = path.replace(/^answers\./, '').split('.');
  const whole = fields.find((field) => field.key === key);
  if (!whole || at === undefined) return whole && { whole, field: whole, at: null };
  const field = whole.fields?.find((member) => member.key === inner);
  return { whole, field: field ?? whole, at: field ? Number(at) : null };
}

/** How it is called: `姓名`, of a record `家庭成员 2 · 姓名`. */
export function spotName({ whole, field, at }: Spot, locale: Locale): string {
  const label = textOf(field.label, locale);
  return at === null ? label : `${textOf(whole.label, locale)} ${at + 1} · ${label}`;
}

/** Whether a table may fill the field in: it is no text to read, not always computed, and no uploaded file. */
export function isAsked({ kind, compute, readOnlyWhen }: Field): boolean {
  return kind !== 'static' && !KINDS[kind].attached && !(compute && !readOnlyWhen);
}

const forCitizens = new WeakMap<FormContent, FormContent>();

/** A form as citizens get it: without the fields that only staff fill in. The same object where it has none. */
export function citizensContent(content: FormContent): FormContent {
  let kept = forCitizens.get(content);
  if (!kept) {
    const own = (field: Field): boolean => KINDS[field.kind].unseen !== 'staff';
    const steps = content.steps.map((step) => ({ ...step, fields: step.fields.filter(own) }));
    kept = fieldsOf(content).every(own)
      ? content
      : { ...content, steps: steps.filter(({ fields }) => fields.length > 0) };
    forCitizens.set(content, kept);
  }
  return kept;
}

/** Whether a field's value is stored encrypted and masked for most readers. */
export function isSensitive(field: Field): boolean {
  if (field.sensitive === true || KINDS[field.kind].sensitive) return true;
  return field.fields !== undefined && field.fields.some(isSensitive);
}

/** What a submission says about the person it is about. */
export interface PersonFacts {
  name?: string;
  document?: DocumentValue;
  phone?: string;
  /** `male`, `female` or `other`. */
  gender?: string;
  /** `YYYY-MM-DD`. */
  birthDate?: string;
  region?: string;
  address?: AddressValue;
}

/** The fields with `maps`. */
export const mappedFields = (content: FormContent): Field[] => fieldsOf(content).filter(({ maps }) => maps);

/**
 * What the fields with `maps` write into a person, from checked answers. A resident ID gives gender and birth date, and
 * an address its region, where no field is mapped for them.
 */
export function personOf(content: FormContent, answers: Answers): PersonFacts {
  return factsOf(mappedFields(content), answers);
}

/** The same from the mapped fields, for many answers. */
export function factsOf(mapped: readonly Field[], answers: Answers): PersonFacts {
  const person: PersonFacts = {};
  for (const { key, maps } of mapped) {
    const value = own(answers, key);
    if (value !== undefined) (person as Record<string, unknown>)[targetKey(maps!)] = value;
  }
  const { document, address } = person;
  if (document?.type === 'residentId' && !(person.gender && person.birthDate)) {
    const known = residentIdFacts(document.number);
    if (known) {
      person.gender ??= known.gender;
      person.birthDate ??= known.birthDate;
    }
  }
  if (address) person.region ??= address.region;
  return person;
}

const targetKey = (target: PersonTarget): string => target.slice('person.'.length);

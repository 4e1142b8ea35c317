import { residentIdFacts } from './residentId.ts';
import type { AddressValue, Answers, DocumentValue, Field, FormContent, PersonTarget } from './types.ts';
import { own } from './logic.ts';

/** All fields of a form, in the order in which they are asked. */
export function fieldsOf(content: FormContent): Field[] {
  return content.steps.flatMap((step) => step.fields);
}

/** Whether a field's value is stored encrypted and masked for most readers. */
export function isSensitive(field: Field): boolean {
  return field.sensitive === true || field.kind === 'phone' || field.kind === 'document' || field.kind === 'address';
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

/**
 * What the fields with `maps` write into a person, from checked answers. A resident ID gives gender and birth date, and
 * an address its region, where no field is mapped for them.
 */
export function personOf(content: FormContent, answers: Answers): PersonFacts {
  const facts: Record<string, unknown> = {};
  for (const field of fieldsOf(content)) {
    const value = own(answers, field.key);
    if (field.maps && value !== undefined) facts[targetKey(field.maps)] = value;
  }
  const person = facts as PersonFacts;
  const known = person.document?.type === 'residentId' ? residentIdFacts(person.document.number) : undefined;
  person.gender ??= known?.gender;
  person.birthDate ??= known?.birthDate;
  person.region ??= person.address?.region;
  return Object.fromEntries(Object.entries(person).filter(([, value]) => value !== undefined));
}

const targetKey = (target: PersonTarget): string => target.slice('person.'.length);

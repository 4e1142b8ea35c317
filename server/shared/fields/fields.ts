import { residentIdFacts } from './residentId.ts';
import type { AddressValue, Answers, DocumentValue, Field, FormContent, PersonTarget } from './types.ts';
import { own } from './logic.ts';

/** All fields of a form, in the order in which they are asked. */
export function fieldsOf(content: FormContent): Field[] {
  const fields: Field[] = [];
  // A plain loop: an import does this for every row.
  for (const step of content.steps) for (const field of step.fields) fields.push(field);
  return fields;
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
  const person: PersonFacts = {};
  for (const field of fieldsOf(content)) {
    const value = own(answers, field.key);
    if (field.maps && value !== undefined) Object.assign(person, { [targetKey(field.maps)]: value });
  }
  const known = person.document?.type === 'residentId' ? residentIdFacts(person.document.number) : undefined;
  const derived: PersonFacts = known ? { ...known } : {};
  if (person.address) derived.region = person.address.region;
  return { ...derived, ...person };
}

const targetKey = (target: PersonTarget): string => target.slice('person.'.length);

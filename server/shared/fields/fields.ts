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

import {
  DOCUMENT_TYPES,
  normalise,
  type AddressValue,
  type DocumentType,
  type DocumentValue,
  type PersonFacts,
} from '../../../shared/fields/index.ts';
import type { Cipher } from '../../infra/crypto/index.ts';
import { PERSON_FIELDS } from './people.fields.ts';
import type { PersonDoc } from './people.model.ts';

type Stored = Pick<
  PersonDoc,
  'name' | 'gender' | 'documentType' | 'documentIndex' | 'phoneIndex' | 'region' | 'sealed'
>;
export type StoredPerson = Stored & { _id: { toString(): string } };

/** The facts that are sealed, together. */
interface Sealed {
  number?: string;
  phone?: string;
  birthDate?: string;
  address?: AddressValue;
}

/** The blind indexes of a person; absent, not null, where there is nothing: the database's indexes are partial. */
export interface PersonIndexes {
  documentIndex?: string;
  phoneIndex?: string;
}

/** Between what is known of a person and how it is stored: sealed values and blind indexes. */
export function createPersonCodec(cipher: Cipher) {
  const context = (field: string, id: string) => `person.${field}:${id}`;
  const documentIndex = ({ type, number }: DocumentValue) => cipher.index('person.document', `${type}:${number}`);
  const phoneIndex = (phone: string) => cipher.index('person.phone', phone);

  const indexesOf = ({ document, phone }: PersonFacts): PersonIndexes => ({
    ...(document ? { documentIndex: documentIndex(document) } : {}),
    ...(phone ? { phoneIndex: phoneIndex(phone) } : {}),
  });

  return {
    indexesOf,

    /** The blind indexes that a searched number may have; its type isn't known. Nothing a number could be: none. */
    documentIndexes(raw: string): string[] {
      return DOCUMENT_TYPES.map(
        (type) => normalise(PERSON_FIELDS.document, { type, number: raw }) as DocumentValue,
      ).map(documentIndex);
    },
    /** The blind index of a searched phone number. */
    searchedPhone: (raw: string) => phoneIndex(String(normalise(PERSON_FIELDS.phone, raw))),

    /** The stored fields of a person with this id; `name` must be known. `indexes`, if they were worked out before. */
    seal(facts: PersonFacts & { name: string }, id: string, indexes: PersonIndexes = indexesOf(facts)): Stored {
      const { name, gender, birthDate, document, phone, region, address } = facts;
      const sealed: Sealed = {};
      if (document) sealed.number = document.number;
      if (phone) sealed.phone = phone;
      if (birthDate) sealed.birthDate = birthDate;
      if (address) sealed.address = address;
      return {
        name,
        gender: gender ?? null,
        documentType: document?.type ?? null,
        region: region ?? null,
        sealed: Object.keys(sealed).length ? cipher.sealJson(sealed, context('facts', id)) : null,
        ...indexes,
      };
    },

    /** What is known of a stored person, in clear. */
    open(doc: StoredPerson): PersonFacts & { name: string } {
      const { name, gender, documentType, region } = doc;
      const { number, ...rest } = doc.sealed
        ? cipher.openJson<Sealed>(doc.sealed, context('facts', String(doc._id)))
        : {};
      return {
        name,
        ...(number === undefined ? {} : { document: { type: documentType as DocumentType, number } }),
        ...rest,
        ...(gender ? { gender } : {}),
        ...(region ? { region } : {}),
      };
    },

    /** Where a person's history is sealed. */
    historyContext: (id: string) => context('history', id),
  };
}

export type PersonCodec = ReturnType<typeof createPersonCodec>;

/** Splits a stored form into what is set and what is removed. */
export function asUpdate(stored: Stored): { $set: Partial<Stored>; $unset?: Record<string, 1> } {
  const gone = (['documentIndex', 'phoneIndex'] as const).filter((key) => stored[key] === undefined);
  return { $set: stored, ...(gone.length ? { $unset: Object.fromEntries(gone.map((key) => [key, 1 as const])) } : {}) };
}

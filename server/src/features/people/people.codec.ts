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
  | 'name'
  | 'gender'
  | 'birthDate'
  | 'documentType'
  | 'document'
  | 'documentIndex'
  | 'phone'
  | 'phoneIndex'
  | 'region'
  | 'address'
>;
export type StoredPerson = Stored & { _id: { toString(): string } };

/** Between what is known of a person and how it is stored: sealed values and blind indexes. */
export function createPersonCodec(cipher: Cipher) {
  const context = (field: string, id: string) => `person.${field}:${id}`;
  const documentIndex = ({ type, number }: DocumentValue) => cipher.index('person.document', `${type}:${number}`);
  const phoneIndex = (phone: string) => cipher.index('person.phone', phone);

  return {
    documentIndex,
    phoneIndex,

    /** The blind indexes that a searched number may have; its type isn't known. Nothing a number could be: none. */
    documentIndexes(raw: string): string[] {
      return DOCUMENT_TYPES.map(
        (type) => normalise(PERSON_FIELDS.document, { type, number: raw }) as DocumentValue,
      ).map(documentIndex);
    },
    /** The blind index of a searched phone number. */
    searchedPhone: (raw: string) => phoneIndex(String(normalise(PERSON_FIELDS.phone, raw))),

    /** The stored fields of a person with this id; `name` must be known. Absent indexes are absent, not null: they are partial. */
    seal(facts: PersonFacts & { name: string }, id: string): Stored {
      const { name, gender, birthDate, document, phone, region, address } = facts;
      return {
        name,
        gender: gender ?? null,
        birthDate: birthDate ? cipher.seal(birthDate, context('birthDate', id)) : null,
        documentType: document?.type ?? null,
        document: document ? cipher.seal(document.number, context('document', id)) : null,
        ...(document ? { documentIndex: documentIndex(document) } : {}),
        phone: phone ? cipher.seal(phone, context('phone', id)) : null,
        ...(phone ? { phoneIndex: phoneIndex(phone) } : {}),
        region: region ?? null,
        address: address ? cipher.sealJson(address, context('address', id)) : null,
      };
    },

    /** What is known of a stored person, in clear. */
    open(doc: StoredPerson): PersonFacts & { name: string } {
      const id = String(doc._id);
      return {
        name: doc.name,
        ...(doc.document
          ? {
              document: {
                type: doc.documentType as DocumentType,
                number: cipher.open(doc.document, context('document', id)),
              },
            }
          : {}),
        ...(doc.phone ? { phone: cipher.open(doc.phone, context('phone', id)) } : {}),
        ...(doc.gender ? { gender: doc.gender } : {}),
        ...(doc.birthDate ? { birthDate: cipher.open(doc.birthDate, context('birthDate', id)) } : {}),
        ...(doc.region ? { region: doc.region } : {}),
        ...(doc.address ? { address: cipher.openJson<AddressValue>(doc.address, context('address', id)) } : {}),
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

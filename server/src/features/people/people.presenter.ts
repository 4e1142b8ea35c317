import type { Locale, RegionLookup } from '../../../shared/fields/index.ts';
import type { Access } from '../record-settings/index.ts';
import type { PersonCodec } from './people.codec.ts';
import { PERSON_KEYS, seeFacts, showFact } from './people.fields.ts';
import type { PersonDoc } from './people.model.ts';

/**
 * People as they leave: each fact shown, masked or left out as the field rights say; phone, document and address are masked
 * at best. Clear values leave by `reveal` only.
 */
export function createPersonPresenter(codec: PersonCodec, regions: RegionLookup) {
  function summary(doc: PersonDoc, locale: Locale, access: Access) {
    const facts = codec.open(doc);
    const see = seeFacts(access, doc.scope);
    const show = (key: keyof typeof facts) => showFact(see(key), key, facts[key], locale, regions);
    /** The value itself, for clients; masked it is a text. */
    const value = (key: 'name' | 'gender' | 'birthDate' | 'region') =>
      see(key) === 'show' ? (facts[key] ?? null) : show(key);
    return {
      id: String(doc._id),
      name: value('name'),
      gender: value('gender'),
      birthDate: value('birthDate'),
      documentType: see('document') === 'hide' ? null : doc.documentType,
      document: show('document'),
      phone: show('phone'),
      region: value('region'),
      regionName: show('region'),
      createdAt: doc.createdAt.toISOString(),
      updatedAt: doc.updatedAt.toISOString(),
      deletedAt: doc.deletedAt?.toISOString() ?? null,
    };
  }
  return {
    summary,
    detail: (doc: PersonDoc, locale: Locale, access: Access) => {
      const facts = codec.open(doc);
      const see = seeFacts(access, doc.scope);
      return {
        ...summary(doc, locale, access),
        address: showFact(see('address'), 'address', facts.address, locale, regions),
        rev: doc.rev,
        deletedBy: doc.deletedBy,
        mergedInto: doc.mergedInto ? String(doc.mergedInto) : null,
        sensitive: PERSON_KEYS.filter((key) => facts[key] !== undefined && see(key) === 'mask'),
        hidden: PERSON_KEYS.filter((key) => see(key) === 'hide'),
      };
    },
  };
}
export type PersonPresenter = ReturnType<typeof createPersonPresenter>;

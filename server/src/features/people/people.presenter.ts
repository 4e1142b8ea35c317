import type { Locale, RegionLookup } from '../../../shared/fields/index.ts';
import type { PersonCodec } from './people.codec.ts';
import { SENSITIVE_KEYS, showFact } from './people.fields.ts';
import type { PersonDoc } from './people.model.ts';

/** People as they leave: phone, document and address masked for everybody. Clear values leave by `reveal` only. */
export function createPersonPresenter(codec: PersonCodec, regions: RegionLookup) {
  function summary(doc: PersonDoc, locale: Locale) {
    const facts = codec.open(doc);
    const show = (key: 'document' | 'phone' | 'region') => showFact(key, facts[key], locale, regions);
    return {
      id: String(doc._id),
      name: doc.name,
      gender: doc.gender,
      birthDate: facts.birthDate ?? null,
      documentType: doc.documentType,
      document: show('document'),
      phone: show('phone'),
      region: doc.region,
      regionName: show('region'),
      createdAt: doc.createdAt.toISOString(),
      updatedAt: doc.updatedAt.toISOString(),
      deletedAt: doc.deletedAt?.toISOString() ?? null,
    };
  }
  return {
    summary,
    detail: (doc: PersonDoc, locale: Locale) => {
      const facts = codec.open(doc);
      return {
        ...summary(doc, locale),
        address: showFact('address', facts.address, locale, regions),
        rev: doc.rev,
        deletedBy: doc.deletedBy,
        mergedInto: doc.mergedInto ? String(doc.mergedInto) : null,
        sensitive: SENSITIVE_KEYS.filter((key) => facts[key] !== undefined),
      };
    },
  };
}
export type PersonPresenter = ReturnType<typeof createPersonPresenter>;

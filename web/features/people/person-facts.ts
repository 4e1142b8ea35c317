import { placeText } from '../../common/admin/region/regions.ts';
import { documentText, genderText } from './people.columns.ts';
import type { PersonDetail } from './people.types.ts';

/** A fact of a person as this account sees it, in words; empty for none. */
export function factText(person: PersonDetail, key: PersonDetail['hidden'][number]): string {
  switch (key) {
    case 'document':
      return documentText(person.documentType, person.document);
    case 'gender':
      return genderText(person.gender);
    case 'region':
      return placeText(person.regionName);
    default:
      return person[key] ?? '';
  }
}

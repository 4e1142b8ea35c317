import type { Column } from '../../common/admin/list/columns.ts';
import { shortTime } from '../../common/admin/text/format.ts';
import { placeText } from '../../common/admin/region/regions.ts';
import { say } from '../../common/admin/text/texts.ts';
import { DOCUMENT_LABELS, type DocumentType } from '../../../server/shared/fields/index.ts';
import { t } from './people.texts.ts';
import type { PersonItem } from './people.types.ts';

export const genderText = (gender: string | null | undefined): string =>
  gender === 'male' || gender === 'female' || gender === 'other' ? t(gender) : (gender ?? '');

/** A document with its type, unless it is a resident ID, which is known by its looks. */
export const documentText = (type: string | null | undefined, number: string | null | undefined): string => {
  if (!number) return '';
  const label = type && type !== 'residentId' ? say(DOCUMENT_LABELS[type as DocumentType]) : '';
  return label && !number.startsWith(label) ? `${label} ${number}` : number;
};

/** The columns of the people list; the recycle bin adds when it was deleted. */
export function peopleColumns(deleted: boolean): Column<PersonItem>[] {
  return [
    { key: 'name', label: t('name'), role: 'title', text: (row) => row.name ?? '' },
    { key: 'gender', label: t('gender'), role: 'meta', text: (row) => genderText(row.gender) },
    { key: 'document', label: t('document'), text: (row) => documentText(row.documentType, row.document) },
    { key: 'phone', label: t('phone'), text: (row) => row.phone ?? '' },
    { key: 'birthDate', label: t('birthDate'), hidden: true, text: (row) => row.birthDate ?? '' },
    { key: 'region', label: t('region'), text: (row) => placeText(row.regionName) },
    deleted
      ? { key: 'deletedAt', label: t('deletedAt'), text: (row) => (row.deletedAt ? shortTime(row.deletedAt) : '') }
      : { key: 'updatedAt', label: t('updatedAt'), text: (row) => shortTime(row.updatedAt) },
  ];
}

/** What an export of people may hold; keys are those of the API. */
export const exportColumns = (): { key: string; label: string }[] =>
  (['name', 'document', 'phone', 'gender', 'birthDate', 'region', 'address', 'createdAt'] as const).map((key) => ({
    key,
    label: t(key),
  }));

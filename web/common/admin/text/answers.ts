import { formatWithUnit, isSensitive, type Field } from '../../../../server/shared/fields/index.ts';
import { organisationNames, personNames } from '../references.ts';
import { regionName } from '../region/regions.ts';
import { locale } from './locale.ts';

/** Names of regions as they arrive; reading one that is not here yet asks for it. */
const regions = { name: regionName, path: (code: string) => [regionName(code)], find: () => undefined };

const look = { regions, organisations: organisationNames, people: personNames };

/** A clear value as text. */
export const valueText = (field: Field, value: unknown): string => formatWithUnit(field, value, locale.value, look);

/** An answer as the API sends it: sensitive ones are masked texts already. */
export const answerText = (field: Field, value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (isSensitive(field) && typeof value === 'string') return value;
  // Masked by the field rights, it is a text as well, and means nothing to the field.
  return valueText(field, value) || (typeof value === 'string' ? value : '');
};

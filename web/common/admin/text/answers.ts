import { formatValue, isSensitive, type Field } from '../../../../server/shared/fields/index.ts';
import { regionName } from '../region/regions.ts';
import { locale } from './locale.ts';

/** Names of regions as they arrive; reading one that is not here yet asks for it. */
const regions = { name: regionName, path: (code: string) => [regionName(code)], find: () => undefined };

/** A clear value as text. */
export const valueText = (field: Field, value: unknown): string => formatValue(field, value, locale.value, { regions });

/** An answer as the API sends it: sensitive ones are masked texts already. */
export const answerText = (field: Field, value: unknown): string => {
  if (value === undefined || value === null) return '';
  return isSensitive(field) && typeof value === 'string' ? value : valueText(field, value);
};

import { fieldsOf } from '../../../server/shared/fields/index.ts';
import type { FormContent } from '../../../server/shared/fields/types.ts';
import { tabShelf } from '../../common/storage.ts';

/** What the link by which a form was opened says of its hidden fields: `#/forms/visit?gate=3`. */
export function linkValues(form: { key: string; content: FormContent }): Record<string, string> {
  const given = tabShelf.get<Record<string, string>>(`link.${form.key}`) || {};
  const values: Record<string, string> = {};
  fieldsOf(form.content).forEach(({ key, kind, compute }) => {
    const value = Object.prototype.hasOwnProperty.call(given, key) ? given[key] : undefined;
    if (kind === 'hidden' && !compute && typeof value === 'string') values[key] = value.slice(0, 200);
  });
  return values;
}

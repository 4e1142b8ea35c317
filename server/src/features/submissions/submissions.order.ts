import { fieldsOf } from '../../../shared/fields/index.ts';
import { Problem, sorted, type Paging } from '../../http/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Access, RecordSettings } from '../record-settings/index.ts';
import { slotOf } from './submissions.codec.ts';
import { RECEIPT } from './submissions.filter.ts';

const refuse = (code: string) => new Problem('invalid_input', { issues: [{ path: 'query.sort', code }] });

export interface OrderQuery {
  form?: string | undefined;
  q?: string | undefined;
  sort?: string | undefined;
  deleted?: boolean | undefined;
  cursor?: string | undefined;
}

/**
 * The order of a list of submissions, each with an index behind it. The recycle bin is in the order in which it was filled. A search by the beginning of a name is always in the
 * order of names, which the index of names has for nothing; in any other it would sort all that it finds.
 */
export function createSubmissionOrder({
  forms,
  recordSettings,
}: {
  forms: Pick<Forms, 'published'>;
  recordSettings: Pick<RecordSettings, 'of'>;
}) {
  /** @throws invalid_input for a sort that the form does not have, or has not got the values of yet */
  async function slot(form: string | undefined, key: string, access: Access): Promise<string> {
    if (!form) throw new Problem('invalid_input', { issues: [{ path: 'query.form', code: 'required' }] });
    const { sorts, sorted: ready } = await recordSettings.of(form);
    const content = (await forms.published(form))?.content;
    const field = content && fieldsOf(content).find((one) => one.key === key);
    if (!field || !ready.includes(key)) throw refuse('unknown_option');
    if (!access.maySearch(form, field)) throw refuse('field_right');
    return `sort.${slotOf(sorts.indexOf(key))}`;
  }

  return async function orderOf(query: OrderQuery, access: Access): Promise<Paging> {
    const { form, q, sort = '-submittedAt', cursor, deleted } = query;
    if (deleted) return sorted({ field: 'deletedAt', type: 'date', direction: -1 }, cursor);
    if (q && !RECEIPT.test(q)) return sorted({ field: 'name', type: 'text', direction: 1 }, cursor);
    const direction = sort.startsWith('-') ? -1 : 1;
    const name = sort.replace(/^-/, '');
    if (name === 'submittedAt') return sorted({ field: name, type: 'date', direction }, cursor);
    const field = await slot(form, name.replace(/^answers\./, ''), access);
    return sorted({ field, type: 'text', direction }, cursor);
  };
}

export type SubmissionOrder = ReturnType<typeof createSubmissionOrder>;

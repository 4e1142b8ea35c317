import type { QueryFilter } from 'mongoose';
import { fieldsOf } from '../../../shared/fields/index.ts';
import { Problem } from '../../http/index.ts';
import { endOfDay, startOfDay } from '../../infra/clock/index.ts';
import { beginsWith, type People } from '../people/index.ts';
import type { Forms } from '../forms/index.ts';
import type { SubmissionCodec } from './submissions.codec.ts';
import type { SubmissionDoc } from './submissions.model.ts';
import type { SubmissionFilters } from './submissions.schema.ts';

const RECEIPT = /^\d{8}-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
const refuse = (path: string, code: string) => new Problem('invalid_input', { issues: [{ path, code }] });

/** Filters of the submissions list as MongoDB's; data scope comes on top (`scoped`). */
export function createSubmissionFilter({
  forms,
  people,
  codec,
}: {
  forms: Pick<Forms, 'published'>;
  people: Pick<People, 'indexes'>;
  codec: SubmissionCodec;
}) {
  /** @throws invalid_input for a key that can't be filtered by */
  async function facets(form: string | undefined, text: string) {
    if (!form) throw refuse('query.form', 'required');
    const content = (await forms.published(form))?.content;
    const fields = new Map(content ? fieldsOf(content).map((field) => [field.key, field]) : []);
    return text.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(':');
      const field = fields.get(key);
      if (!field?.filterable) throw refuse('query.facet', 'unknown_option');
      return { facets: { $elemMatch: { k: key, v: codec.facetValue(form, field, value) } } };
    });
  }

  return async function buildFilter(query: SubmissionFilters): Promise<QueryFilter<SubmissionDoc>> {
    const { form, version, status, source, q, phone, document, region, person, claimed, from, to, facet, deleted } =
      query;
    for (const [name, day] of Object.entries({ from, to })) {
      if (day && Number.isNaN(Date.parse(day))) throw refuse(`query.${name}`, 'bad_date');
    }
    const days = { ...(from ? { $gte: startOfDay(from) } : {}), ...(to ? { $lt: endOfDay(to) } : {}) };
    return {
      deletedAt: deleted ? { $ne: null } : null,
      ...(form ? { formKey: form } : {}),
      ...(version ? { version } : {}),
      ...(status ? { status } : {}),
      ...(source ? { source } : {}),
      ...(q ? (RECEIPT.test(q) ? { receiptNumber: q } : { name: beginsWith(q) }) : {}),
      ...(phone ? { phoneIndex: people.indexes.searchedPhone(phone) } : {}),
      ...(document ? { documentIndex: { $in: people.indexes.documentIndexes(document) } } : {}),
      ...(region ? { 'scope.regionPath': region } : {}),
      ...(person ? { personId: person } : {}),
      ...(query.import ? { importId: query.import } : {}),
      ...(claimed === undefined ? {} : { claimed }),
      ...(from || to ? { submittedAt: days } : {}),
      ...(facet ? { $and: await facets(form, facet) } : {}),
    } as QueryFilter<SubmissionDoc>;
  };
}

export type BuildFilter = ReturnType<typeof createSubmissionFilter>;

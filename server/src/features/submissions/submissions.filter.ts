import type { QueryFilter } from 'mongoose';
import { fieldsOf, type Field } from '../../../shared/fields/index.ts';
import { Problem } from '../../http/index.ts';
import { endOfDay, startOfDay } from '../../infra/clock/index.ts';
import { beginsWith, type People } from '../people/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Access, RecordSettings } from '../record-settings/index.ts';
import type { SubmissionCodec } from './submissions.codec.ts';
import { ANY_FORM, EVERYWHERE, listOf, placesOf } from './submissions.listed.ts';
import { STATUSES, type SubmissionDoc } from './submissions.model.ts';
import type { SubmissionFilters } from './submissions.schema.ts';
import { mappedTo } from './submissions.sight.ts';

/** Searches by facts of people, and what they give away. */
const SEARCHES = { q: 'person.name', phone: 'person.phone', document: 'person.document' } as const;
/** A whole receipt number, as against the beginning of a name. */
export const RECEIPT = /^\d{8}-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
/** Lists that are looked into one by one. */
const MOST_LISTS = 40;
const refuse = (path: string, code: string) => new Problem('invalid_input', { issues: [{ path, code }] });

/** `within`: regions in one of which all lies that the caller reaches; see `narrowed`. */
type Asked = SubmissionFilters & { within?: readonly string[] };

/** Filters of the submissions list as MongoDB's; data scope comes on top (`scoped`). */
export function createSubmissionFilter({
  forms,
  people,
  codec,
  recordSettings,
}: {
  forms: Pick<Forms, 'published'>;
  people: Pick<People, 'indexes'>;
  codec: SubmissionCodec;
  recordSettings: Pick<RecordSettings, 'reviewed'>;
}) {
  /** The facets that are asked for. @throws invalid_input for a key that can't be filtered by */
  async function facetsOf(form: string | undefined, text: string, access: Access): Promise<SubmissionDoc['facets']> {
    if (!form) throw refuse('query.form', 'required');
    const content = (await forms.published(form))?.content;
    const fields = new Map(content ? fieldsOf(content).map((field) => [field.key, field]) : []);
    return text.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(':');
      const field = fields.get(key);
      if (!field?.filterable) throw refuse('query.facet', 'unknown_option');
      if (!access.maySearch(form, field)) throw refuse('query.facet', 'field_right');
      return { k: key, v: codec.facetValue(form, field, value) };
    });
  }

  /** Whether the caller may look for people by a fact among the records of a form. */
  async function maySearch(form: string, target: NonNullable<Field['maps']>, access: Access): Promise<boolean> {
    const content = (await forms.published(form))?.content;
    const field = content && mappedTo(content, target);
    return !field || access.maySearch(form, field);
  }

  /**
   * The forms that a search by facts of people leaves out, since its hits would tell what their rules hide.
   * @throws invalid_input when it is asked of such a form
   */
  async function closedTo(query: SubmissionFilters, access: Access): Promise<string[]> {
    const closed = new Set<string>();
    for (const [name, target] of Object.entries(SEARCHES) as [keyof typeof SEARCHES, NonNullable<Field['maps']>][]) {
      const asked = query[name];
      if (asked === undefined || RECEIPT.test(asked)) continue;
      for (const form of query.form ? [query.form] : access.subjects)
        if (!(await maySearch(form, target, access))) {
          if (query.form) throw refuse(`query.${name}`, 'field_right');
          closed.add(form);
        }
    }
    return [...closed];
  }

  /**
   * The lists to look into, one of each. They say nothing that the conditions beside them don't, but find what these have in
   * common. None for a form, a region or everything as such: those have an index that also counts them without reading any.
   */
  async function listsFor(query: Asked, queue: readonly string[] | null, access: Access): Promise<string[][]> {
    const { form, facet, status } = query;
    const places = placesOf(query.within ?? [query.region ?? EVERYWHERE]);
    const listed = (forms: readonly string[], one?: SubmissionDoc['facets'][number]) =>
      forms.flatMap((key) => places.map((place) => listOf(key, place, one)));
    if (facet) return (await facetsOf(form, facet, access)).map((one) => listed(queue ?? [form!], one));
    const forms = queue ?? (form ? [form] : [ANY_FORM]);
    const plain = !queue && !status && (!form || places.includes(EVERYWHERE));
    const lists = plain ? [] : listed(forms);
    return lists.length > 0 && lists.length <= MOST_LISTS ? [lists] : [];
  }

  return async function buildFilter(query: Asked, access: Access): Promise<QueryFilter<SubmissionDoc>> {
    const { form, version, status, source, q, phone, document, region, person, claimed, from, to, deleted } = query;
    const closed = await closedTo(query, access);
    if (version && !form) throw refuse('query.form', 'required');
    const queue = query.queue ? (await recordSettings.reviewed()).filter((key) => !form || key === form) : null;
    for (const [name, day] of Object.entries({ from, to })) {
      if (day && Number.isNaN(Date.parse(day))) throw refuse(`query.${name}`, 'bad_date');
    }
    const lists = await listsFor(query, queue, access);
    const days = { ...(from ? { $gte: startOfDay(from) } : {}), ...(to ? { $lt: endOfDay(to) } : {}) };
    return {
      // As the index of the recycle bin says it.
      deletedAt: deleted ? { $type: 'date' } : null,
      ...(queue
        ? { formKey: { $in: queue } }
        : form
          ? { formKey: form }
          : closed.length
            ? { formKey: { $nin: closed } }
            : {}),
      ...(version ? { version } : {}),
      // The index of the lists has every state by itself: naming all of them keeps its order.
      ...(queue ? { status: 'submitted' } : status ? { status } : lists.length ? { status: { $in: STATUSES } } : {}),
      ...(source ? { source } : {}),
      ...(q ? (RECEIPT.test(q) ? { receiptNumber: q } : { name: beginsWith(q) }) : {}),
      ...(phone ? { phoneIndex: people.indexes.searchedPhone(phone) } : {}),
      ...(document ? { documentIndex: { $in: people.indexes.documentIndexes(document) } } : {}),
      ...(region ? { 'scope.regionPath': region } : {}),
      ...(person ? { personId: person } : {}),
      ...(query.import ? { importId: query.import } : {}),
      ...(claimed === undefined ? {} : { claimed }),
      ...(from || to ? { submittedAt: days } : {}),
      ...(lists.length ? { $and: lists.map((list) => ({ listed: list.length === 1 ? list[0] : { $in: list } })) } : {}),
    } as QueryFilter<SubmissionDoc>;
  };
}

export type BuildFilter = ReturnType<typeof createSubmissionFilter>;

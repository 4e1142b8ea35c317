import { computed, nextTick, ref, watch } from 'vue';
import { fieldsOf, isSensitive, type Field, type FormContent } from '../../../server/shared/fields/index.ts';
import type { QueryOf } from '../../common/admin/api/types.ts';
import { useQueryFilter } from '../../common/admin/list/useQueryFilter.ts';
import { regionName } from '../../common/admin/region/regions.ts';
import { say } from '../../common/admin/text/texts.ts';
import { formTitle } from '../forms/form-titles.ts';
import { readSearch } from '../people/people.api.ts';
import { t } from './submissions.texts.ts';
import type { RecordView } from './submissions.types.ts';

export type SubmissionFilter = Omit<QueryOf<'listSubmissions'>, 'cursor' | 'limit' | 'count'>;
/** Filters that the API takes at once. */
const MOST_FACETS = 5;

const KEYS = ['form', 'status', 'source', 'region', 'from', 'to', 'facet', 'view', 'import', 'sort'] as const;

/** The filters of the records list: as they are typed, as the API wants them, and as chips. */
export function useSubmissionFilter(content: () => FormContent | null, view: () => RecordView | null) {
  const mayFilter = ({ key }: Field) => view()?.fields.find((one) => one.key === key)?.search ?? true;
  // A phone or document number never goes into the address bar: addresses are kept and shared.
  const search = ref('');
  const filter = useQueryFilter(KEYS);
  /** A view that is being taken brings its own facets. */
  let restoring = false;
  watch(
    () => filter.form,
    () => {
      if (restoring) return;
      filter.facet = undefined;
      if (filter.sort?.includes('answers.')) filter.sort = undefined;
    },
  );
  const facets = computed(
    () =>
      new Map(
        (filter.facet ?? '').split(',').flatMap((one) => {
          const [key, value] = one.split(':');
          return key && value ? [[key, value] as const] : [];
        }),
      ),
  );
  function setFacet(key: string, value: string | undefined): void {
    const next = new Map(facets.value);
    // What separates facets in the address is no part of a value.
    const clean = value?.replace(/[,:]/g, '').trim();
    if (clean && (next.has(key) || next.size < MOST_FACETS)) next.set(key, clean);
    else next.delete(key);
    filter.facet = [...next].map((pair) => pair.join(':')).join(',') || undefined;
  }
  /** Answers that can be filtered by. A number of a person's would stand in the address: those are searched for. */
  const facetFields = computed<Field[]>(() => {
    const form = content();
    return form
      ? fieldsOf(form).filter(
          (field) => field.filterable && mayFilter(field) && (field.options?.length || !isSensitive(field)),
        )
      : [];
  });
  const query = computed(() => {
    const { view, ...rest } = filter;
    const typed = readSearch(search.value);
    // What stands in an address may be anything: the API judges it.
    return {
      ...rest,
      ...typed,
      // A search by name has an order of its own.
      sort: typed.q ? undefined : rest.sort,
      queue: view === 'queue' || undefined,
      deleted: view === 'deleted' || undefined,
      claimed: view === 'claimed' || undefined,
    } as SubmissionFilter;
  });
  const chips = computed(() => {
    const { q, phone, document } = readSearch(search.value);
    const all: { key: string; label: string }[] = [];
    if (q) all.push({ key: 'search', label: t('byName', { q }) });
    if (phone) all.push({ key: 'search', label: t('byPhone', { q: phone }) });
    if (document) all.push({ key: 'search', label: t('byDocument', { q: document }) });
    if (filter.form) all.push({ key: 'form', label: formTitle(filter.form) });
    if (filter.status) all.push({ key: 'status', label: t(filter.status as 'submitted') });
    if (filter.source) all.push({ key: 'source', label: t(filter.source as 'staff') });
    if (filter.region) all.push({ key: 'region', label: `${t('region')} ${regionName(filter.region)}` });
    if (filter.from) all.push({ key: 'from', label: `${t('from')} ${filter.from}` });
    if (filter.to) all.push({ key: 'to', label: `${t('to')} ${filter.to}` });
    if (filter.import) all.push({ key: 'import', label: t('import') });
    for (const [key, value] of facets.value) {
      const field = facetFields.value.find((one) => one.key === key);
      const option = field?.options?.find((one) => one.code === value);
      all.push({ key: `facet:${key}`, label: `${say(field?.label) || key} ${say(option?.label) || value}` });
    }
    return all;
  });
  function remove(key: string): void {
    if (key === 'search') search.value = '';
    else if (key.startsWith('facet:')) setFacet(key.slice(6), undefined);
    else filter[key as 'form'] = undefined;
  }
  function clear(): void {
    search.value = '';
    for (const key of KEYS) if (key !== 'view' && key !== 'sort') filter[key] = undefined;
  }
  /** What a saved view keeps: filters as the address has them, and the search. */
  function snapshot(): { key: string; value: string }[] {
    const kept = KEYS.filter((key) => key !== 'view' && key !== 'sort' && filter[key]).map((key) => ({
      key,
      value: filter[key]!,
    }));
    return search.value ? [...kept, { key: 'search', value: search.value }] : kept;
  }
  function restore(kept: readonly { key: string; value: string }[], sort: string | null): void {
    const of = (key: string) => kept.find((one) => one.key === key)?.value;
    search.value = of('search') ?? '';
    restoring = true;
    void nextTick(() => (restoring = false));
    for (const key of KEYS) if (key !== 'view') filter[key] = key === 'sort' ? (sort ?? undefined) : of(key);
  }
  return { search, filter, facets, facetFields, setFacet, query, chips, remove, clear, snapshot, restore };
}

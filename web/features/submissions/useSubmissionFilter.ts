import { computed, ref, watch } from 'vue';
import { fieldsOf, type Field, type FormContent } from '../../../server/shared/fields/index.ts';
import type { QueryOf } from '../../common/admin/api/types.ts';
import { useQueryFilter } from '../../common/admin/list/useQueryFilter.ts';
import { regionName } from '../../common/admin/region/regions.ts';
import { say } from '../../common/admin/text/texts.ts';
import { formTitle } from '../forms/form-titles.ts';
import { readSearch } from '../people/people.api.ts';
import { t } from './submissions.texts.ts';

export type SubmissionFilter = Omit<QueryOf<'listSubmissions'>, 'cursor' | 'limit' | 'count'>;

const KEYS = ['form', 'status', 'source', 'region', 'from', 'to', 'facet', 'view', 'import'] as const;

/** The filters of the records list: as they are typed, as the API wants them, and as chips. */
export function useSubmissionFilter(content: () => FormContent | null) {
  // A phone or document number never goes into the address bar: addresses are kept and shared.
  const search = ref('');
  const filter = useQueryFilter(KEYS);
  watch(
    () => filter.form,
    () => (filter.facet = undefined),
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
    if (value) next.set(key, value);
    else next.delete(key);
    filter.facet = [...next].map((pair) => pair.join(':')).join(',') || undefined;
  }
  /** Answers that can be filtered by; the API takes five at once. */
  const facetFields = computed<Field[]>(() => {
    const form = content();
    return form
      ? fieldsOf(form)
          .filter((field) => field.filterable && field.options?.length)
          .slice(0, 5)
      : [];
  });
  const query = computed(() => {
    const { view, ...rest } = filter;
    const typed = readSearch(search.value);
    // What stands in an address may be anything: the API judges it.
    return {
      ...rest,
      ...typed,
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
    for (const key of KEYS) if (key !== 'view') filter[key] = undefined;
  }
  return { search, filter, facets, facetFields, setFacet, query, chips, remove, clear };
}

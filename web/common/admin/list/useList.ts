import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import type { Page } from '../api/page.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';

export interface PageRequest {
  cursor: string | undefined;
  limit: number;
  count: boolean;
  signal: AbortSignal;
}

/**
 * A list by cursor: loads again at page one whenever `key` (the filters as text) changes, remembers the way back, and
 * asks for the total once per filter only.
 */
export function useList<T>(key: Ref<string>, fetchPage: (request: PageRequest) => Promise<Page<T>>, limit = 20) {
  const rows = shallowRef<T[]>([]);
  const total = shallowRef<Page<T>['total']>();
  const nextCursor = ref<string | null>(null);
  const trail = ref<(string | undefined)[]>([undefined]);
  const loading = ref(true);
  const problem = shallowRef<ApiProblem | null>(null);
  let running: AbortController | null = null;

  async function load(quiet = false): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    if (!quiet) loading.value = true;
    problem.value = null;
    const first = trail.value.length === 1;
    try {
      const page = await fetchPage({ cursor: trail.value.at(-1), limit, count: first, signal: mine.signal });
      if (running !== mine) return;
      rows.value = page.items;
      nextCursor.value = page.nextCursor;
      if (first) total.value = page.total;
    } catch (fault) {
      if (running === mine && !mine.signal.aborted) problem.value = asProblem(fault);
    } finally {
      if (running === mine) loading.value = false;
    }
  }

  function next(): void {
    if (!nextCursor.value) return;
    trail.value = [...trail.value, nextCursor.value];
    void load();
  }
  function previous(): void {
    if (trail.value.length < 2) return;
    trail.value = trail.value.slice(0, -1);
    void load();
  }
  watch(
    key,
    () => {
      trail.value = [undefined];
      total.value = undefined;
      void load();
    },
    { immediate: true },
  );

  return {
    rows,
    total,
    loading,
    problem,
    load,
    next,
    previous,
    pageNumber: computed(() => trail.value.length),
    hasNext: computed(() => nextCursor.value !== null),
    hasPrevious: computed(() => trail.value.length > 1),
  };
}

export type List<T> = ReturnType<typeof useList<T>>;

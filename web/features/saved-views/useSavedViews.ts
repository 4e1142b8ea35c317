import { computed, onMounted, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { listSavedViews, type SavedView, type ViewInput } from './saved-views.api.ts';

/** Marks a saved view among the views of the address. */
const MARK = 'v.';

/** The saved views of a list as tabs. `take` is called with the view that the address names, once for each. */
export function useSavedViews(list: ViewInput['list'], take: (view: SavedView) => void) {
  const route = useRoute();
  const router = useRouter();
  const views = shallowRef<SavedView[]>([]);
  const load = async () => {
    views.value = await listSavedViews(list)
      .then(({ items }) => items)
      .catch(() => []);
  };
  onMounted(load);
  const current = computed(() => {
    const id =
      typeof route.query.view === 'string' && route.query.view.startsWith(MARK) ? route.query.view.slice(2) : '';
    return views.value.find((view) => view.id === id) ?? null;
  });
  watch(
    () => current.value?.id,
    () => {
      if (current.value) take(current.value);
    },
  );
  return {
    views,
    current,
    load,
    tabs: computed(() => views.value.map(({ id, name }) => ({ value: MARK + id, label: name }))),
    open: (view: SavedView) => router.replace({ query: { ...route.query, view: MARK + view.id } }),
    leave: () => router.replace({ query: { ...route.query, view: undefined } }),
  };
}

export type SavedViews = ReturnType<typeof useSavedViews>;

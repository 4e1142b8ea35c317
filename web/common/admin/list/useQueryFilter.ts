import { reactive, watch } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';

/** Filters that live in the address, so that a filtered list can be kept and shared. Nothing personal belongs here. */
export function useQueryFilter<K extends string>(names: readonly K[]): Record<K, string | undefined> {
  const route = useRoute();
  const router = useRouter();
  const home = route.path.split('/')[1];
  const read = (): Record<string, string | undefined> =>
    Object.fromEntries(
      names.map((name) => [name, typeof route.query[name] === 'string' ? route.query[name] : undefined]),
    );
  const filter = reactive(read());
  watch(
    () => route.query,
    () => {
      if (route.path.split('/')[1] === home) Object.assign(filter, read());
    },
  );
  watch(filter, (next) => {
    const query: LocationQueryRaw = { ...route.query, ...next };
    if (names.some((name) => (route.query[name] ?? undefined) !== next[name])) void router.replace({ query });
  });
  return filter as Record<K, string | undefined>;
}

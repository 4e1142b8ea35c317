import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';

/** One column: the table ≥ 768 px and the cards below are both drawn from it. */
export interface Column<T> {
  key: string;
  label: string;
  /** The text of the cell. A slot `cell-KEY` may draw it instead. */
  text: (row: T) => string;
  /** `title`: heading of the card and link of the row. `meta`: beside the heading. Default: a line of the card. */
  role?: 'title' | 'meta' | 'line';
  /** Not shown until the user asks for it. */
  hidden?: boolean;
  align?: 'right';
  width?: string;
}

/** Which columns are shown, kept in this browser under `storageKey`. The title column always is. */
export function useColumnChoice<T>(storageKey: Ref<string>, columns: Ref<Column<T>[]>) {
  const kept = ref<string[] | null>(null);
  const name = () => `dengji.columns.${storageKey.value}`;
  watch(
    storageKey,
    () => {
      try {
        const parsed: unknown = JSON.parse(localStorage.getItem(name()) ?? 'null');
        kept.value = Array.isArray(parsed) ? parsed.filter((one): one is string => typeof one === 'string') : null;
      } catch {
        kept.value = null;
      }
    },
    { immediate: true },
  );
  const chosen: ComputedRef<string[]> = computed(
    () => kept.value ?? columns.value.filter((one) => !one.hidden).map((one) => one.key),
  );
  const shown = computed(() => columns.value.filter((one) => one.role === 'title' || chosen.value.includes(one.key)));
  function choose(keys: string[]): void {
    kept.value = keys;
    localStorage.setItem(name(), JSON.stringify(keys));
  }
  return { chosen, shown, choose };
}

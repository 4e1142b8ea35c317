import { ref } from 'vue';

const KEY = 'dengji.density';

/** Row height of all tables, kept in this browser. */
export const compact = ref(localStorage.getItem(KEY) === 'compact');

export function toggleDensity(): void {
  compact.value = !compact.value;
  localStorage.setItem(KEY, compact.value ? 'compact' : 'comfortable');
}

import { computed, ref, watchEffect } from 'vue';

export type Appearance = 'system' | 'light' | 'dark';

const KEY = 'dengji.appearance';
const device = window.matchMedia('(prefers-color-scheme: dark)');
const deviceDark = ref(device.matches);
device.addEventListener?.('change', (event) => (deviceDark.value = event.matches));

function initial(): Appearance {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export const appearance = ref<Appearance>(initial());
export const dark = computed(() => appearance.value === 'dark' || (appearance.value === 'system' && deviceDark.value));

watchEffect(() => {
  const root = document.documentElement;
  root.classList.toggle('dark', dark.value);
  if (appearance.value === 'system') delete root.dataset.theme;
  else root.dataset.theme = appearance.value;
});

export function setAppearance(next: Appearance): void {
  appearance.value = next;
  if (next === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
}

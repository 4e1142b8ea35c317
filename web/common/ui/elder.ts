import { readonly, ref } from 'vue';
import { deviceShelf, tabShelf } from '../storage.ts';

const on = ref(false);

/** Larger text and targets for eyes and fingers that want them. */
export const elder = readonly(on);

export function setElder(wanted: boolean): void {
  on.value = wanted;
  document.documentElement.classList.toggle('elder', wanted);
  deviceShelf.set('elder', wanted);
}

/** What was chosen on this device before, or in the shell that opened this page: `elder=1`, `fs=` for WeChat's font scale. */
export function restoreElder(entry: string): void {
  setElder(/[#&]elder=1/.test(entry) || deviceShelf.get<boolean>('elder') === true);
  const [, given] = /[#&]fs=([\d.]+)/.exec(entry) || [];
  const scale = given ? Math.min(Math.max(Number(given) || 1, 0.8), 2) : tabShelf.get<number>('scale');
  if (!scale) return;
  document.documentElement.style.setProperty('--scale', String(scale));
  tabShelf.set('scale', scale);
}

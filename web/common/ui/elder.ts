import { readonly, ref } from 'vue';
import { deviceShelf } from '../storage.ts';

const on = ref(false);

/** Larger text and targets for eyes and fingers that want them. */
export const elder = readonly(on);

export function setElder(wanted: boolean): void {
  on.value = wanted;
  document.documentElement.classList.toggle('elder', wanted);
  deviceShelf.set('elder', wanted);
}

/** The choice made on this device before. */
export const restoreElder = () => setElder(deviceShelf.get<boolean>('elder') === true);

import { shallowRef, watch } from 'vue';
import type { Fault, Field } from '../../../server/shared/fields/types.ts';
import { loadFieldTexts, sayFault, type Texts } from '../../../server/shared/messages/index.ts';
import { currentLocale } from './index.ts';

const texts = shallowRef<Texts | null>(null);

/** Fetches the sentences about answers in the current language; needed before a form can be judged. */
export async function ensureFieldTexts(): Promise<void> {
  texts.value = await loadFieldTexts(currentLocale.value);
}

watch(currentLocale, () => {
  // If they cannot be had, the sentences stay in the other language, which is better than none.
  if (texts.value) ensureFieldTexts().catch(() => undefined);
});

/** The sentence for a fault of a field. */
export const sayFieldFault = (found: Fault, field?: Field): string =>
  sayFault(texts.value || {}, found, field, currentLocale.value);

import { ref, watchEffect } from 'vue';

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const KEY = 'dengji.locale';

function initial(): Locale {
  const kept = localStorage.getItem(KEY);
  if (kept === 'zh-CN' || kept === 'en') return kept;
  return navigator.language.startsWith('en') ? 'en' : 'zh-CN';
}

/** The language of the page; every text, date and request follows it. */
export const locale = ref<Locale>(initial());

watchEffect(() => {
  document.documentElement.lang = locale.value;
});

/** Changes the language and keeps the choice in this browser. */
export function setLocale(next: Locale): void {
  locale.value = next;
  localStorage.setItem(KEY, next);
}

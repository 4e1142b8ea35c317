import { readonly, ref, shallowRef } from 'vue';
import type { Locale, Text } from '../../../server/shared/fields/types.ts';
import { speak } from '../client/http.ts';
import { deviceShelf } from '../storage.ts';
import { zhCN } from './zh-CN.ts';

export type TextKey = keyof typeof zhCN;
export type Texts = Record<TextKey, string>;
type Params = Record<string, string | number>;

const locale = ref<Locale>('zh-CN');
const texts = shallowRef<Texts>(zhCN);

export const currentLocale = readonly(locale);

/** The sentence for a key in the current language; `{name}` takes the parameter `name`. */
export function t(key: TextKey, params?: Params): string {
  return fill(texts.value[key], params);
}

/** Puts parameters into `{name}` places. */
export function fill(template: string, params: Params = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** A designer's text in the current language, else in Chinese. */
export function say(text: Text | undefined): string {
  if (!text) return '';
  return (locale.value === 'en' && text.en) || text['zh-CN'];
}

/** Chinese texts come with the page; English ones are fetched on the first switch. Throws if that fails. */
export async function setLocale(next: Locale): Promise<void> {
  texts.value = next === 'en' ? (await import('./en.ts')).en : zhCN;
  locale.value = next;
  document.documentElement.lang = next;
  speak(next);
  deviceShelf.set('locale', next);
}

/** The language chosen on this device before; Chinese if there was none or its texts cannot be had. */
export async function restoreLocale(): Promise<void> {
  if (deviceShelf.get<Locale>('locale') === 'en') await setLocale('en').catch(() => undefined);
}

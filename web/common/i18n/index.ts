import { readonly, ref, shallowRef } from 'vue';
import type { Locale, Text } from '../../../server/shared/fields/types.ts';
import { speak } from '../client/http.ts';
import { deviceShelf } from '../storage.ts';
import { zhCN } from './zh-CN.ts';
import type { zhCNLater } from './zh-CN.later.ts';

/** The keys of both files: other languages must have the same ones. */
export type TextKey = keyof typeof zhCN | keyof typeof zhCNLater;
export type Texts = Record<TextKey, string>;
type Params = Record<string, string | number>;

const locale = ref<Locale>('zh-CN');
/** Whole as soon as a later screen is there: see `ensureTexts`. */
let chinese = zhCN as Texts;
const texts = shallowRef(chinese);

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

/** Fetches what only later screens say. Throws if that fails. */
export async function ensureTexts(): Promise<void> {
  if (chinese !== zhCN) return;
  chinese = { ...zhCN, ...(await import('./zh-CN.later.ts')).zhCNLater };
  if (locale.value === 'zh-CN') texts.value = chinese;
}

/** The first Chinese texts come with the page; English ones are fetched on the first switch. Throws if that fails. */
export async function setLocale(next: Locale): Promise<void> {
  texts.value = next === 'en' ? (await import('./en.ts')).en : chinese;
  locale.value = next;
  document.documentElement.lang = next;
  speak(next);
  deviceShelf.set('locale', next);
}

/** The language chosen on this device before; Chinese if there was none or its texts cannot be had. */
export async function restoreLocale(): Promise<void> {
  if (deviceShelf.get<Locale>('locale') === 'en') await setLocale('en').catch(() => undefined);
}

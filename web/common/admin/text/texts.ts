import type { Text } from '../../../../server/shared/fields/types.ts';
import { locale } from './locale.ts';

type Table = Record<string, readonly [zh: string, en: string]>;
export type Params = Record<string, string | number>;

function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/**
 * Texts of one feature, both languages side by side, so that none is forgotten. Returns `t(key, params)`, which
 * follows the current language; `{name}` in a text takes `params.name`.
 */
export function defineTexts<const T extends Table>(table: T) {
  return (key: keyof T & string, params?: Params): string => {
    const pair = table[key];
    return pair ? fill(pair[locale.value === 'en' ? 1 : 0], params) : key;
  };
}

/** A text of the data (form titles, labels, options) in the current language; Chinese where English is missing. */
export function say(text: Text | undefined): string {
  if (!text) return '';
  return (locale.value === 'en' ? text.en : undefined) || text['zh-CN'];
}

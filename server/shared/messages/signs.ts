import type { Locale } from '../fields/types.ts';

/** What stands between the parts of a text that is put together. */
const SIGNS = {
  'zh-CN': { colon: '：', semicolon: '；', comma: '、' },
  en: { colon: ': ', semicolon: '; ', comma: ', ' },
} as const;

/** `姓名：必填`, `Name: required`: what is spoken of and what is said of it, or a title and its detail. Absent parts are left out. */
export const withColon = (locale: Locale, ...parts: (string | null | undefined)[]): string =>
  parts.filter(Boolean).join(SIGNS[locale].colon);

/** Several sentences, one after the other. */
export const withSemicolons = (locale: Locale, parts: readonly string[]): string => parts.join(SIGNS[locale].semicolon);

/** The items of a list. */
export const withCommas = (locale: Locale, parts: readonly string[]): string => parts.join(SIGNS[locale].comma);

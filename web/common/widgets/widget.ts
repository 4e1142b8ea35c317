import type { Field, Locale, Text } from '../../../server/shared/fields/types.ts';

/**
 * What the widgets of this folder are given. Citizens and staff get the same ones: native controls in the tokens' colours, without
 * Element Plus and without the texts of either page, so texts of their own stand in the file as `Text`. A widget emits `change`
 * with the raw value; `undefined` means that nothing is filled in.
 */
export interface SharedProps {
  field: Field;
  /** Id of the first control: labels and error summaries lead to it. */
  id: string;
  value: unknown;
  /** Ids of the hint and the error. */
  describedBy?: string | undefined;
  invalid?: boolean;
  locale: Locale;
}

/** A text in the page's language, in Chinese where it has no other. */
export const inWords = (text: Text | undefined, locale: Locale): string =>
  text ? (locale === 'en' && text.en) || text['zh-CN'] : '';

/** `rating` → `Rating`: a kind's widgets are found by their file names. */
export const fileName = (kind: string): string => kind.slice(0, 1).toUpperCase() + kind.slice(1);

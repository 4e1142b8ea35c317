import type { ProblemCode } from '../codes.ts';
import type { Fault, Field, Locale, Text } from '../fields/types.ts';
import type { Messages, ProblemText } from './index.ts';
import { withCommas } from './signs.ts';

/** Sentences by code, with `{params}`. */
export type Texts = Readonly<Record<string, string>>;

/**
 * What a problem or an issue tells besides its code; texts are said where somebody reads them, in the reader's language, and a
 * list of them is joined.
 */
export type ProblemParams = Record<string, string | number | Text | readonly Text[]>;

const inWords = (locale: Locale, text: Text): string => text[locale] || text['zh-CN'];

/** Params as a reader of the language gets them, alone and in sentences. */
export const spell = (locale: Locale, params: ProblemParams): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value !== 'object'
        ? value
        : 'zh-CN' in value
          ? inWords(locale, value)
          : withCommas(
              locale,
              value.map((text) => inWords(locale, text)),
            ),
    ]),
  );

const own = (object: object, key: string): boolean => Object.prototype.hasOwnProperty.call(object, key);

function fill(text: string, params: Fault['params'] = {}, locale: Locale = 'zh-CN'): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!own(params, name)) return whole;
    const value = params[name]!;
    return typeof value === 'object' ? inWords(locale, value) : String(value);
  });
}

/** Title and advice for a problem; before the advice its reason, if the params name one (`reason`, `limit` or `kind`). */
export function say(messages: Messages, code: ProblemCode, params?: Record<string, string | number>): ProblemText {
  const { title, detail } = messages.problems[code];
  const reason = `${code}.${params?.reason ?? params?.limit ?? params?.kind}`;
  const said = [own(messages.reasons, reason) ? messages.reasons[reason] : undefined, detail].filter(Boolean);
  return said.length === 0
    ? { title: fill(title, params) }
    : { title: fill(title, params), detail: fill(said.join(' '), params) };
}

/** The sentence for an issue of any kind, without regard to the field's own hints. */
export function sayIssue(messages: Messages, issue: Fault): string {
  return sayFault(messages.issues, issue, undefined, messages.locale);
}

/**
 * The sentence for a fault of a field: the designer's own hint where the field's pattern didn't match, and a general
 * sentence for a code that an older page doesn't know yet.
 */
export function sayFault(texts: Texts, found: Fault, field?: Field, locale: Locale = 'zh-CN'): string {
  const hint = found.code === 'pattern_mismatch' ? field?.patternHint : undefined;
  const text = own(texts, found.code) ? texts[found.code] : texts.bad_value;
  return hint?.[locale] || hint?.['zh-CN'] || fill(text ?? found.code, found.params, locale);
}

import type { ProblemCode } from '../codes.ts';
import type { Locale } from '../fields/types.ts';
import type { Texts } from './say.ts';

export { say, sayFault, sayIssue, spell, type ProblemParams, type Texts } from './say.ts';
export { withColon, withCommas, withSemicolons } from './signs.ts';

export interface ProblemText {
  title: string;
  /** What to do. */
  detail?: string;
}

/** All texts of one language. */
export interface Messages {
  locale: Locale;
  /** By the codes of issues: of answers and of form definitions. */
  issues: Texts;
  problems: Record<ProblemCode, ProblemText>;
  /** Why exactly, for problems that have several reasons: by code and reason, `file_corrupt.checksum`. */
  reasons: Texts;
}

/** Loads all texts of a language, and no other. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  return (await (locale === 'en' ? import('./en.ts') : import('./zh-CN.ts'))).default;
}

/** Loads what citizens' pages say about answers in a language: a tenth of all texts. */
export async function loadFieldTexts(locale: Locale): Promise<Texts> {
  return (await (locale === 'en' ? import('./fields.en.ts') : import('./fields.zh-CN.ts'))).default;
}

import type { FormContent, Locale } from '../../../../server/shared/fields/types.ts';
import { sayChange, sayReason } from '../../../../server/shared/forms/change-words.ts';
import { compileDiff, type CompiledChange } from '../../../../server/shared/forms/compile-mappings.ts';
import type { Mapping } from '../../../../server/shared/forms/mappings.ts';
import type { Migration } from './versions.api.ts';

type Said = { 'zh-CN': string; en: string };
/** A change with what it is and what it does to answers, as the server says it. */
export type SaidChange = CompiledChange & { words: Said; why: Said };

const inBoth = (say: (locale: Locale) => string): Said => ({ 'zh-CN': say('zh-CN'), en: say('en') });

/** What differs, and what the mappings leave of that: said anew at each choice, without asking the server. */
export const mappedDiff = (before: FormContent, after: FormContent, mappings: readonly Mapping[]): SaidChange[] =>
  compileDiff(before, after, mappings).changes.map((change) => ({
    ...change,
    words: inBoth((locale) => sayChange(change, [before, after], locale)),
    why: inBoth((locale) => sayReason(change.reason, locale)),
  }));

type Losses = NonNullable<Migration['check']>['losses'];

/** How many records and drafts a change touches, as far as counting by field can tell. */
export function hitsOf(change: SaidChange, losses: Losses): { records: number; drafts: number } | null {
  const name = change.of === 'option' ? change.field : change.key;
  const hits = losses.filter((one) => one.key === name && one.missing === (change.reason === 'required_added'));
  const most = (what: 'records' | 'drafts') => Math.max(0, ...hits.map((one) => one[what]));
  return hits.length > 0 ? { records: most('records'), drafts: most('drafts') } : null;
}

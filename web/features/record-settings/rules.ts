import type { Rule } from './record-settings.api.ts';

/** What one role may do with one field, as one choice; `free` is no rule. */
export const CHOICES = ['free', 'showOnly', 'maskWrite', 'maskOnly', 'hide'] as const;
export type Choice = (typeof CHOICES)[number];

const MEANING: Record<Exclude<Choice, 'free'>, Pick<Rule, 'see' | 'write'>> = {
  showOnly: { see: 'show', write: false },
  maskWrite: { see: 'mask', write: true },
  maskOnly: { see: 'mask', write: false },
  hide: { see: 'hide', write: false },
};

export function choiceOf(rules: readonly Rule[], role: string, field: string): Choice {
  const rule = rules.find((one) => one.role === role && one.field === field);
  if (!rule) return 'free';
  const found = Object.entries(MEANING).find(([, { see, write }]) => see === rule.see && write === rule.write);
  // Shown and written: a rule that lifts what is said of the other roles.
  return (found?.[0] as Choice | undefined) ?? 'free';
}

/**
 * The rules with another choice for one role and field. Where the other roles have a rule, "as usual" of a single role must
 * be said, or theirs would count.
 */
export function withChoice(rules: readonly Rule[], role: string, field: string, choice: Choice): Rule[] {
  const rest = rules.filter((one) => one.role !== role || one.field !== field);
  if (choice !== 'free') return [...rest, { role, field, ...MEANING[choice] }];
  const others = role !== '*' && rest.some((one) => one.role === '*' && one.field === field);
  return others ? [...rest, { role, field, see: 'show', write: true }] : rest;
}

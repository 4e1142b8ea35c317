import { flaw } from '../kinds/kind.ts';
import type { Condition, Field } from '../types.ts';
import type { Placed } from './circle.ts';
import { narrow, possible, startOf, type Domain } from './domain.ts';
import { join, type Report } from './shape.ts';

/** Cases looked at before a condition is taken to be possible. */
const CASES = 500;

type Comparison = Extract<Condition, { field: string }>;
type Case = { test: Comparison; negated: boolean }[];

/**
 * Reports fields and options that no answers can bring to sight: conditions that contradict themselves, the values that the
 * named fields can have, or that name fields which are out of reach themselves. What it reports is certain; rules between
 * two answers are taken to be possible. `placed` are in the order of evaluation.
 */
export function vetReach(placed: readonly Placed[], report: Report): void {
  const domains = new Map<string, Domain>();
  for (const { field } of placed) domains.set(field.key, startOf(field));
  for (const { field, path } of placed) {
    if (field.visibleWhen && !canHold(field.visibleWhen, domains)) {
      report(flaw(join(path, 'visibleWhen'), 'field_unreachable'));
      domains.set(field.key, { missing: true, present: false });
    }
  }
  for (const { field, path } of placed) vetOptions(field, path, domains, report);
}

function vetOptions(field: Field, path: string, domains: ReadonlyMap<string, Domain>, report: Report): void {
  for (const [at, { allowedWhen }] of (field.options ?? []).entries())
    if (allowedWhen && !canHold(allowedWhen, domains))
      report(flaw(join(path, `options.${at}.allowedWhen`), 'option_unreachable'));
}

/** Whether some answers within these domains make the condition true; true where that can't be told. */
export function canHold(condition: Condition, domains: ReadonlyMap<string, Domain>): boolean {
  const cases = casesOf(condition, false);
  return !cases || cases.some((tests) => isPossible(tests, domains));
}

function isPossible(tests: Case, domains: ReadonlyMap<string, Domain>): boolean {
  const narrowed = new Map<string, Domain>();
  for (const { test, negated } of tests) {
    const before = narrowed.get(test.field) ?? domains.get(test.field);
    if (!before) continue;
    const after = narrow(before, test, negated);
    if (!possible(after)) return false;
    narrowed.set(test.field, after);
  }
  return true;
}

/** The cases of which one must hold, each of tests that all must hold; null when they are too many. */
function casesOf(condition: Condition, negated: boolean): Case[] | null {
  if ('not' in condition) return casesOf(condition.not, !negated);
  if ('left' in condition) return [[]];
  if ('field' in condition) return [[{ test: condition, negated }]];
  const members = 'all' in condition ? condition.all : condition.any;
  const parts = members.map((member) => casesOf(member, negated));
  if ('all' in condition === negated) {
    const cases: Case[] = [];
    for (const part of parts) {
      if (!part || cases.length + part.length > CASES) return null;
      cases.push(...part);
    }
    return cases;
  }
  let cases: Case[] = [[]];
  for (const part of parts) {
    // A part of too many cases is left out: the rest may still contradict itself.
    if (!part || cases.length * part.length > CASES) continue;
    cases = cases.flatMap((before) => part.map((after) => [...before, ...after]));
  }
  return cases;
}

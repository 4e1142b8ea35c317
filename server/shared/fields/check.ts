import { fault, isRecord } from './kinds/kind.ts';
import { KINDS } from './kinds/index.ts';
import { fieldsOf } from './fields.ts';
import { isEmpty, isUsable, judgeValue, normalise } from './judge.ts';
import { own } from './own.ts';
import { FORBIDDEN, planOf, type Plan } from './plan.ts';
import { answersOf, issuesOf, runPlan, type JudgementOf } from './run.ts';
import type { Answers, AnswerValue, CheckContext, Fault, Field, FormContent, Issue } from './types.ts';

/**
 * What is wrong with one value, raw or normalised; null when nothing is. Visibility is not its business; a group's records are
 * judged as if nothing else were answered. Never throws.
 */
export function checkField(field: Field, value: unknown, ctx: CheckContext): Fault | null {
  const { answer, fault: found } = judgeValue(field, value, ctx);
  if (found || !field.fields || answer === undefined) return found;
  const { visibleWhen: _always, ...alone } = field;
  const content: FormContent = { title: field.label, steps: [{ key: 'all', title: field.label, fields: [alone] }] };
  const issue = checkForm(content, { [field.key]: answer }, ctx).issues[0];
  return issue ? (issue.params ? { code: issue.code, params: issue.params } : { code: issue.code }) : null;
}

/** The fields that exist for these answers, in order. What a hidden field was answered counts for nothing. */
export function visibleFields(
  content: FormContent,
  answers: Readonly<Record<string, unknown>>,
  ctx: CheckContext,
): Field[] {
  const { plan, faults } = runPlan(planOf(content), ctx, ({ field }) => {
    const value = normalise(field, own(answers, field.key));
    return { answer: isEmpty(field, value) ? undefined : value, fault: null };
  });
  return plan.fields.filter(({ at }) => faults[at] !== undefined).map(({ field }) => field);
}

export interface Checked {
  /** Normalised, without empty and hidden answers. Fit to be stored when there are no issues. */
  answers: Answers;
  issues: Issue[];
}

/**
 * Puts judged values together as a form's answers: asks for each visible field's judgement, then applies the form's rules.
 * They see visible answers only.
 */
export function gather(plan: Plan, ctx: CheckContext, judgementOf: JudgementOf): Checked {
  if (plan.hasRules) {
    const run = runPlan(plan, ctx, judgementOf);
    return { answers: answersOf(run), issues: issuesOf(run) };
  }
  const checked: Checked = { answers: {}, issues: [] };
  const { fields } = plan;
  // A plain loop: an import does this for every row.
  for (let at = 0; at < fields.length; at += 1) {
    const one = fields[at]!;
    const { answer, fault: found } = judgementOf(one);
    if (found) checked.issues.push({ path: `answers.${one.field.key}`, ...found });
    if (answer !== undefined && isUsable(found)) checked.answers[one.field.key] = answer as AnswerValue;
  }
  return checked;
}

/**
 * Judges a whole form: normalises, drops hidden answers, reports everything that is wrong at once. Answers for keys
 * that the form doesn't have are issues.
 */
export function checkForm(content: FormContent, answers: unknown, ctx: CheckContext): Checked {
  if (!isRecord(answers)) return { answers: {}, issues: [{ path: 'answers', code: 'wrong_type' }] };
  const plan = planOf(content);
  const { raw, strange } = sortOut(plan, answers);
  const checked = gather(plan, ctx, ({ field, at }) => judgeValue(field, raw[at], ctx));
  return strange.length > 0 ? { ...checked, issues: [...strange, ...checked.issues] } : checked;
}

/**
 * Judges what is to be kept of an unfinished form: faults that the citizen can still mend are no issues, and hidden
 * answers stay, in case the citizen changes their mind.
 */
export function checkDraft(content: FormContent, answers: unknown, ctx: CheckContext): Checked {
  if (!isRecord(answers)) return { answers: {}, issues: [{ path: 'answers', code: 'wrong_type' }] };
  const checked: Checked = { answers: {}, issues: sortOut(planOf(content), answers).strange };
  keepDraft(fieldsOf(content), answers, 'answers', ctx, checked);
  return checked;
}

/** Adds what is worth keeping of these answers, and what is not as issues. */
function keepDraft(
  fields: readonly Field[],
  answers: Readonly<Record<string, unknown>>,
  path: string,
  ctx: CheckContext,
  checked: Checked,
): void {
  for (const field of fields) {
    const value = normalise(field, own(answers, field.key));
    if (isEmpty(field, value)) continue;
    const place = `${path}.${field.key}`;
    const found = KINDS[field.kind].check(field, value, ctx);
    if (!isUsable(found)) checked.issues.push({ path: place, ...found! });
    else if (field.fields && Array.isArray(value)) checked.answers[field.key] = keepRecords(field.fields, value, place);
    else if (isLarge(value)) checked.issues.push({ path: place, ...fault('too_long', { max: DRAFT_LIMIT }) });
    else checked.answers[field.key] = value as AnswerValue;
  }

  function keepRecords(inner: readonly Field[], records: unknown[], place: string): AnswerValue {
    return records.map((record, at) => {
      const kept: Checked = { answers: {}, issues: checked.issues };
      keepDraft(inner, record as Record<string, unknown>, `${place}.${at}`, ctx, kept);
      return kept.answers;
    });
  }
}

/** The longest text of a draft in characters; the highest that any field allows. */
const DRAFT_LIMIT = 10_000;

function isLarge(value: unknown): boolean {
  return JSON.stringify(value).length > 2 * DRAFT_LIMIT;
}

const STRANGERS_TOLD = 50;

/** The answers by place, and issues about those for fields that are not there; of many, the first fifty. */
function sortOut(plan: Plan, answers: Readonly<Record<string, unknown>>): { raw: unknown[]; strange: Issue[] } {
  const raw: unknown[] = plan.nothing.slice();
  const strange: Issue[] = [];
  for (const key of Object.keys(answers)) {
    const at = plan.slots.get(key);
    if (at !== undefined) raw[at] = answers[key];
    else if (strange.length < STRANGERS_TOLD) {
      const code = FORBIDDEN.has(key) ? 'forbidden_key' : 'unknown_field';
      strange.push({ path: `answers.${key.slice(0, 60)}`, code });
    }
  }
  return { raw, strange };
}

import { fault, isRecord } from './kinds/kind.ts';
import { KINDS } from './kinds/index.ts';
import { fieldsOf } from './fields.ts';
import { evaluate, own } from './logic.ts';
import type { Answers, AnswerValue, CheckContext, Fault, Field, FormContent, Issue } from './types.ts';

/** The one spelling of a value. Never throws. */
export function normalise(field: Field, value: unknown): unknown {
  return KINDS[field.kind].normalise(value, field);
}

/** Whether nothing was filled in. The value is normalised. */
export function isEmpty(field: Field, value: unknown): boolean {
  return KINDS[field.kind].isEmpty(value);
}

/** What one value comes to by itself. */
export interface Judgement {
  /** Normalised; undefined for an empty one. */
  answer: unknown;
  fault: Fault | null;
}

/** Normalises and judges one value. Visibility is not its business. Never throws. */
export function judgeValue(field: Field, value: unknown, ctx: CheckContext): Judgement {
  const kind = KINDS[field.kind];
  const answer = kind.normalise(value, field);
  if (!kind.isEmpty(answer)) return { answer, fault: kind.check(field, answer, ctx) };
  return { answer: undefined, fault: field.required && field.kind !== 'static' ? fault('required') : null };
}

/** What is wrong with one value, raw or normalised; null when nothing is. Visibility is not its business. Never throws. */
export function checkField(field: Field, value: unknown, ctx: CheckContext): Fault | null {
  return judgeValue(field, value, ctx).fault;
}

/** The fields that exist for these answers, in order. What a hidden field was answered counts for nothing. */
export function visibleFields(content: FormContent, answers: Readonly<Record<string, unknown>>): Field[] {
  const visible: Field[] = [];
  gather(fieldsOf(content), (field) => {
    visible.push(field);
    const value = normalise(field, own(answers, field.key));
    return { answer: isEmpty(field, value) ? undefined : value, fault: null };
  });
  return visible;
}

/** Faults of values that nothing can be done with: they are not worth keeping even in a draft. */
const UNUSABLE = new Set(['wrong_type', 'unknown_field', 'bad_characters']);

export interface Checked {
  /** Normalised, without empty and hidden answers. Fit to be stored when there are no issues. */
  answers: Answers;
  issues: Issue[];
}

/**
 * Puts judged values together as a form's answers: asks for each visible field's judgement, in order. Conditions see visible
 * answers only.
 */
export function gather(fields: readonly Field[], judgementOf: (field: Field, at: number) => Judgement): Checked {
  const checked: Checked = { answers: {}, issues: [] };
  // What conditions see: the answers themselves, until a value that is not kept parts the two.
  let seen: Record<string, unknown> = checked.answers;
  // A plain loop: an import does this for every row.
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at]!;
    if (field.visibleWhen && !evaluate(field.visibleWhen, seen)) continue;
    const { answer, fault: found } = judgementOf(field, at);
    if (found) checked.issues.push({ path: `answers.${field.key}`, ...found });
    if (answer === undefined) continue;
    if (!found || !UNUSABLE.has(found.code)) checked.answers[field.key] = answer as AnswerValue;
    else if (seen === checked.answers) seen = { ...seen };
    if (seen !== checked.answers) seen[field.key] = answer;
  }
  return checked;
}

/**
 * Judges a whole form: normalises, drops hidden answers, reports everything that is wrong at once. Answers for keys
 * that the form doesn't have are issues.
 */
export function checkForm(content: FormContent, answers: unknown, ctx: CheckContext): Checked {
  if (!isRecord(answers)) return { answers: {}, issues: [{ path: 'answers', code: 'wrong_type' }] };
  const fields = fieldsOf(content);
  const checked = gather(fields, (field) => judgeValue(field, own(answers, field.key), ctx));
  return { ...checked, issues: [...strangers(fields, answers), ...checked.issues] };
}

/**
 * Judges what is to be kept of an unfinished form: faults that the citizen can still mend are no issues, and hidden
 * answers stay, in case the citizen changes their mind.
 */
export function checkDraft(content: FormContent, answers: unknown, ctx: CheckContext): Checked {
  if (!isRecord(answers)) return { answers: {}, issues: [{ path: 'answers', code: 'wrong_type' }] };
  const fields = fieldsOf(content);
  const checked: Checked = { answers: {}, issues: strangers(fields, answers) };
  for (const field of fields) {
    const value = normalise(field, own(answers, field.key));
    if (isEmpty(field, value)) continue;
    const path = `answers.${field.key}`;
    const found = KINDS[field.kind].check(field, value, ctx);
    if (found && UNUSABLE.has(found.code)) checked.issues.push({ path, ...found });
    else if (isLarge(value)) checked.issues.push({ path, ...fault('too_long', { max: DRAFT_LIMIT }) });
    else checked.answers[field.key] = value as AnswerValue;
  }
  return checked;
}

/** The longest text of a draft in characters; the highest that any field allows. */
const DRAFT_LIMIT = 10_000;

function isLarge(value: unknown): boolean {
  return JSON.stringify(value).length > 2 * DRAFT_LIMIT;
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const STRANGERS_TOLD = 50;

/** Answers for fields that are not there; of many, the first fifty. */
function strangers(fields: Field[], answers: Record<string, unknown>): Issue[] {
  const known = new Set(fields.map((field) => field.key));
  return Object.keys(answers)
    .filter((key) => FORBIDDEN.has(key) || !known.has(key))
    .slice(0, STRANGERS_TOLD)
    .map((key) => ({
      path: `answers.${key.slice(0, 60)}`,
      ...fault(FORBIDDEN.has(key) ? 'forbidden_key' : 'unknown_field'),
    }));
}

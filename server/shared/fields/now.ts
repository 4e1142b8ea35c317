import type { Env } from './expressions/compile.ts';
import { isRecord } from './kinds/kind.ts';
import { judgeValue } from './judge.ts';
import { own } from './own.ts';
import { planOf, type FieldPlan, type Plan } from './plan.ts';
import { runPlan, type Run } from './run.ts';
import type { CheckContext, Field, FormContent } from './types.ts';

/** A field that exists for the present answers, as a page shows it. */
export interface FieldNow {
  /** With what is required and which options may be chosen now; the form's own object where no rule says otherwise. */
  field: Field;
  /** The value is the rule's and not to be changed: show `answer`. */
  readOnly: boolean;
  /** Normalised; undefined for none. */
  answer: unknown;
  /** group: the same of every record that has answers. */
  records?: FieldNow[][];
  /** group: the same of a record without answers. */
  blank?: FieldNow[];
}

/**
 * The visible fields of a form in order, for these raw answers: what pages show while a form is filled in. The same rules as
 * those of `checkForm`. Never throws.
 */
export function formNow(content: FormContent, answers: unknown, ctx: CheckContext): FieldNow[] {
  const raw = isRecord(answers) ? answers : {};
  return fieldsNow(
    runPlan(planOf(content), ctx, ({ field }) => judgeValue(field, own(raw, field.key), ctx)),
    ctx,
  );
}

function fieldsNow({ plan, env, faults, readOnly, records }: Run, ctx: CheckContext): FieldNow[] {
  const blank = (group: Plan) =>
    fieldsNow(
      runPlan(group, ctx, () => ({ answer: undefined, fault: null }), env),
      ctx,
    );
  const visible = plan.fields.filter(({ at }) => faults[at] !== undefined);
  return visible.map((one) => ({
    field: fieldNow(one, env),
    readOnly: readOnly.has(one.at),
    answer: env.values[one.at],
    ...(one.group
      ? { records: (records.get(one.at) ?? []).map((record) => fieldsNow(record, ctx)), blank: blank(one.group) }
      : {}),
  }));
}

function fieldNow({ at, field, required, allowed }: FieldPlan, env: Env): Field {
  if (!required && !allowed) return field;
  const now: Field = { ...field };
  if (required) now.required = required(env) === true;
  if (allowed && field.options) {
    const answer = env.values[at];
    const chosen = (code: string) => (Array.isArray(answer) ? answer.includes(code) : answer === code);
    // What is chosen already stays in sight, with its fault: otherwise it could not be taken back.
    now.options = field.options.filter(
      ({ code }) => !allowed.has(code) || allowed.get(code)!(env) === true || chosen(code),
    );
  }
  return now;
}

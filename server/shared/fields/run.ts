import type { Env } from './expressions/compile.ts';
import { fault } from './kinds/kind.ts';
import { isUsable, judgeValue, type Judgement } from './judge.ts';
import { own } from './own.ts';
import type { CheckPlan, FieldPlan, Plan } from './plan.ts';
import type { Answers, AnswerValue, CheckContext, Fault, Issue } from './types.ts';

/** What a field's value comes to by itself; `at` is the field's place. */
export type JudgementOf = (one: FieldPlan) => Judgement;

/** A form's answers, or those of a group's record, under the form's rules. All is by slot. */
export interface Run {
  plan: Plan;
  env: Env;
  /** Undefined for a hidden field. */
  faults: (Fault | null | undefined)[];
  readOnly: Set<number>;
  /** Of groups that have answers. */
  records: Map<number, Run[]>;
}

/**
 * Works out all values in the order in which they depend on each other: what is hidden is no value, what is computed is
 * what the rule says, and what is read-only stays as it was.
 */
export function runPlan(plan: Plan, ctx: CheckContext, judgementOf: JudgementOf, outer: Env | null = null): Run {
  const values: unknown[] = plan.nothing.slice();
  const env: Env = { values, today: ctx.today, outer };
  const run: Run = {
    plan,
    env,
    faults: plan.nothing.slice(),
    readOnly: new Set(),
    records: new Map(),
  };
  for (const one of plan.order) {
    const { at, field, group } = one;
    if (one.visible && one.visible(env) !== true) continue;
    const readOnly = one.readOnly !== undefined && one.readOnly(env) === true;
    const { answer, fault: found } =
      one.compute && (readOnly || !one.readOnly)
        ? judgeValue(field, one.compute(env), ctx)
        : readOnly && ctx.before && !outer
          ? judgeValue(field, own(ctx.before, field.key), ctx)
          : judgementOf(one);
    values[at] = answer;
    run.faults[at] = found;
    if (readOnly || (one.compute && !one.readOnly)) run.readOnly.add(at);
    if (group && Array.isArray(answer) && isUsable(found)) {
      const records = answer.map((record: Record<string, unknown>) =>
        runPlan(group, ctx, (inner) => judgeValue(inner.field, own(record, inner.field.key), ctx), env),
      );
      while (records.length > 0 && isVoid(records[records.length - 1]!)) records.pop();
      run.records.set(at, records);
      values[at] = records.length > 0 ? records.map(answersOf) : undefined;
      if (records.length < answer.length)
        run.faults[at] = judgeValue(field, answer.slice(0, records.length), ctx).fault;
    }
  }
  return run;
}

/**
 * A record of which nothing is left, since what it was answered is hidden: at the end of a group it counts as little as one that
 * was never filled in, or what is kept would be judged otherwise when it is judged again.
 */
const isVoid = ({ env }: Run): boolean => env.values.every((value) => value === undefined);

/** The answers of a run that may be kept, in the order of the form. */
export function answersOf({ plan, env, faults }: Run): Answers {
  const answers: Answers = {};
  for (const { at, field } of plan.fields) {
    const answer = env.values[at];
    if (answer !== undefined && isUsable(faults[at])) answers[field.key] = answer as AnswerValue;
  }
  return answers;
}

/** Everything that is wrong, in the order of the form, then what its checks find. */
export function issuesOf(run: Run, path = 'answers'): Issue[] {
  const issues: Issue[] = [];
  const { plan, env, faults } = run;
  const wrong = new Set<number>();
  for (const one of plan.fields) {
    const { at } = one;
    if (faults[at] === undefined) continue;
    const found = faults[at] ?? demanded(one, env);
    const records = one.group && run.records.get(at);
    if (!found && !records) continue;
    const place = `${path}.${one.field.key}`;
    const before = issues.length;
    if (found) issues.push({ path: place, ...found });
    records?.forEach((record, index) => issues.push(...issuesOf(record, `${place}.${index}`)));
    if (issues.length > before) wrong.add(at);
  }
  for (const check of plan.checks) {
    const at = check.at.find((slot) => faults[slot] !== undefined);
    // About an answer that is wrong by itself there is nothing to compare.
    if (at === undefined || check.reads.some((slot) => wrong.has(slot)) || check.test(env) !== false) continue;
    issues.push({ path: `${path}.${plan.fields[at]!.field.key}`, ...failed(check) });
  }
  return issues;
}

/** What other answers demand of one that is right by itself. */
function demanded({ at, required, allowed }: FieldPlan, env: Env): Fault | null {
  const answer = env.values[at];
  if (answer === undefined) return required && required(env) === true ? fault('required') : null;
  if (!allowed) return null;
  const refused = (code: unknown): boolean => {
    const test = allowed.get(code as string);
    return test !== undefined && test(env) !== true;
  };
  return (Array.isArray(answer) ? answer.some(refused) : refused(answer)) ? fault('option_not_allowed') : null;
}

/** The designer's own sentence goes with the fault: whoever reads it may not have the form at hand. */
function failed({ check: { key, message } }: CheckPlan): Fault {
  return fault('check_failed', { check: key, message });
}

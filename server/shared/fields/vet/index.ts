import { PROJECTIONS } from '../kinds/index.ts';
import { flaw } from '../kinds/kind.ts';
import type { Field, FormContent, Issue } from '../types.ts';
import { vetFields, type Place } from './fields.ts';
import { vetChecks } from './rules.ts';
import { join, keyAt, listAt, objectAt, textAt, type Report } from './shape.ts';

export { FORM_CODES, type FormCode } from './codes.ts';
export { operatorsOf, type Operator } from './condition.ts';
export { typeOfField } from './expression.ts';
export { propertiesOf } from './field.ts';
export { vetPattern } from './pattern.ts';
export { SIGNATURES, type Signature, type Wanted } from './signatures.ts';

const MAX_STEPS = 50;
const MAX_FIELDS = 200;

/**
 * Everything that keeps a form from being published, with paths into the content (`steps.0.fields.3.pattern`); empty
 * when nothing does. Takes any JSON. Two checks need more than the content and are the server's: whether a pattern can
 * hang, and whether a key had another kind in an earlier version.
 */
export function vetForm(content: unknown): Issue[] {
  const issues: Issue[] = [];
  const report: Report = (issue) => void issues.push(issue);
  const form = objectAt(content, '', ['title', 'intro', 'steps', 'checks', 'dedupe'], report);
  if (!form) return issues;
  textAt(form.title, 'title', 100, report);
  textAt(form.intro, 'intro', 5000, report, true);
  const places = vetSteps(form.steps, report);
  if (places.length > MAX_FIELDS) report(flaw('steps', 'too_many_fields', { max: MAX_FIELDS }));
  else {
    const scope = vetFields(places, report);
    vetChecks(form.checks, scope, report);
    vetDedupe(form.dedupe, scope.fields, report);
  }
  return issues;
}

/** Whether any JSON is a form that may be published. */
export function isPublishable(content: unknown): content is FormContent {
  return vetForm(content).length === 0;
}

function vetSteps(raw: unknown, report: Report): Place[] {
  const steps = listAt(raw, 'steps', report);
  if (Array.isArray(raw) && steps.length === 0) report(flaw('steps', 'no_steps'));
  if (steps.length > MAX_STEPS) {
    report(flaw('steps', 'too_many_steps', { max: MAX_STEPS }));
    return [];
  }
  const keys = new Set<string>();
  return steps.flatMap((each, index) => {
    const path = `steps.${index}`;
    const step = objectAt(each, path, ['key', 'title', 'help', 'fields'], report);
    if (!step) return [];
    const key = keyAt(step.key, join(path, 'key'), report);
    if (key !== undefined && keys.has(key)) report(flaw(join(path, 'key'), 'duplicate_key'));
    if (key !== undefined) keys.add(key);
    textAt(step.title, join(path, 'title'), 100, report);
    textAt(step.help, join(path, 'help'), 1000, report, true);
    const fields = listAt(step.fields, join(path, 'fields'), report);
    if (Array.isArray(step.fields) && fields.length === 0) report(flaw(join(path, 'fields'), 'no_fields'));
    return fields.map((field, at) => ({ raw: field, path: join(join(path, 'fields'), at) }));
  });
}

/** A rule over a value that may be missing would hold for some submissions only. */
function vetDedupe(dedupe: unknown, fields: ReadonlyMap<string, Field>, report: Report): void {
  if (dedupe === undefined) return;
  const seen = new Set<unknown>();
  listAt(dedupe, 'dedupe', report).forEach((key, index) => {
    const path = `dedupe.${index}`;
    const name = typeof key === 'string' ? key.slice(0, 60) : '';
    const field = typeof key === 'string' ? fields.get(key) : undefined;
    if (!field) return report(flaw(path, 'dedupe_unknown_field', { field: name }));
    if (seen.has(key)) report(flaw(path, 'duplicate_key'));
    seen.add(key);
    if (!PROJECTIONS[field.kind].dedupe) report(flaw(path, 'dedupe_unfit', { field: name }));
    else if (!field.required || field.visibleWhen) report(flaw(path, 'dedupe_not_required', { field: name }));
  });
}

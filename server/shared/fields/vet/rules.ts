import { flaw, isRecord } from '../kinds/kind.ts';
import { PROJECTIONS } from '../kinds/index.ts';
import type { Field } from '../types.ts';
import { vetCondition, vetRuleExpression } from './condition.ts';
import { isA } from './expression.ts';
import type { Scope } from './scope.ts';
import { join, keyAt, listAt, objectAt, textAt, type Report } from './shape.ts';

const MAX_CHECKS = 50;
const MESSAGE_MAX = 200;

/** Judges the rules of one field: when it is there, required, read-only, what it is worth, which options may be chosen. */
export function vetRules(raw: Record<string, unknown>, path: string, scope: Scope, report: Report): void {
  for (const name of ['visibleWhen', 'requiredWhen', 'readOnlyWhen'])
    if (raw[name] !== undefined) vetCondition(raw[name], join(path, name), scope, report);
  if (Array.isArray(raw['options'])) {
    for (const [at, option] of raw['options'].entries())
      if (isRecord(option) && option['allowedWhen'] !== undefined)
        vetCondition(option['allowedWhen'], join(path, `options.${at}.allowedWhen`), scope, report);
  }
  const field = typeof raw['key'] === 'string' ? scope.fields.get(raw['key']) : undefined;
  if (raw['compute'] !== undefined) vetCompute(raw, field, path, scope, report);
  // Which of the records it was before can't be told.
  else if (scope.outer && raw['readOnlyWhen'] !== undefined)
    report(flaw(join(path, 'readOnlyWhen'), 'compute_missing'));
}

function vetCompute(
  raw: Record<string, unknown>,
  field: Field | undefined,
  path: string,
  scope: Scope,
  report: Report,
): void {
  const place = join(path, 'compute');
  const typed = vetRuleExpression(raw['compute'], place, scope, report);
  if (!field) return;
  const { gives, computes } = PROJECTIONS[field.kind];
  if (!computes && !field.readOnlyWhen) return report(flaw(place, 'compute_not_read_only'));
  if (!typed) return;
  const fits = computes
    ? typed.type !== 'choices' && typed.type !== 'records'
    : gives !== undefined && isA(typed, gives);
  if (!fits || typed.list) report(flaw(place, 'compute_unfit'));
}

/** Judges the checks over several answers. */
export function vetChecks(raw: unknown, scope: Scope, report: Report): void {
  if (raw === undefined) return;
  const checks = listAt(raw, 'checks', report);
  if (checks.length > MAX_CHECKS) return report(flaw('checks', 'too_many_checks', { max: MAX_CHECKS }));
  const taken = new Set<string>();
  for (const [at, each] of checks.entries()) {
    const path = `checks.${at}`;
    const check = objectAt(each, path, ['key', 'assert', 'message', 'fields'], report);
    if (!check) continue;
    const key = keyAt(check['key'], join(path, 'key'), report);
    if (key !== undefined && taken.has(key)) report(flaw(join(path, 'key'), 'duplicate_key'));
    if (key !== undefined) taken.add(key);
    vetCondition(check['assert'], join(path, 'assert'), scope, report);
    textAt(check['message'], join(path, 'message'), MESSAGE_MAX, report);
    const fields = listAt(check['fields'], join(path, 'fields'), report);
    if (Array.isArray(check['fields']) && fields.length === 0) report(flaw(join(path, 'fields'), 'check_no_fields'));
    for (const [index, name] of fields.entries()) {
      const field = typeof name === 'string' ? scope.fields.get(name) : undefined;
      const unsound = typeof name === 'string' && scope.keys.has(name) && !field;
      if (!unsound && (!field || field.kind === 'static'))
        report(flaw(`${path}.fields.${index}`, 'condition_unknown_field', { field: String(name).slice(0, 60) }));
    }
  }
}

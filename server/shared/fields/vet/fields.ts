import { flaw, isRecord } from '../kinds/kind.ts';
import { PROJECTIONS } from '../kinds/index.ts';
import { orderOf } from '../order.ts';
import { splitName } from '../expressions/names.ts';
import { valueNames } from '../plan.ts';
import type { Field, PersonTarget } from '../types.ts';
import { vetCircles, type Placed } from './circle.ts';
import { vetField } from './field.ts';
import { vetReach } from './reach.ts';
import { vetRules } from './rules.ts';
import { MAX_PARTS, type Scope } from './scope.ts';
import { join, keyAt, listAt, type Report } from './shape.ts';

/** A field as it came, with its place in the content. */
export interface Place {
  raw: unknown;
  path: string;
}

const MAX_MEMBERS = 20;

/** Judges the fields of a form, or those of a group within `outer`. The scope that further rules may name. */
export function vetFields(places: readonly Place[], report: Report, outer?: Scope): Scope {
  const fields = new Map<string, Field>();
  const keys = new Set<string>();
  const scope: Scope = {
    fields,
    keys,
    left: outer?.left ?? { parts: MAX_PARTS },
    types: new Map(),
    ...(outer ? { outer } : {}),
  };
  const targets = new Map<PersonTarget, string>();
  const placed: Placed[] = [];
  for (const { raw, path } of places) {
    const field = vetField(raw, path, report);
    if (!isRecord(raw)) continue;
    const key = keyAt(raw.key, join(path, 'key'), report);
    if (key !== undefined && keys.has(key)) report(flaw(join(path, 'key'), 'duplicate_key'));
    if (key === undefined) continue;
    keys.add(key);
    if (!field) continue;
    fields.set(key, field);
    placed.push({ field, path });
    const other = field.maps && targets.get(field.maps);
    if (other !== undefined) report(flaw(join(path, 'maps'), 'maps_duplicate', { field: other }));
    else if (field.maps) targets.set(field.maps, key);
    if (outer) vetMember(field, path, report);
  }
  // Rules may name fields that come later: all of them are known only now.
  let sound = true;
  const tell: Report = (issue) => {
    sound = false;
    report(issue);
  };
  for (const { raw, path } of places) {
    if (!isRecord(raw)) continue;
    if (raw.fields !== undefined && !outer) vetGroup(raw.fields, join(path, 'fields'), scope, tell);
    vetRules(raw, path, scope, tell);
  }
  if (!vetCircles(placed, tell) && sound) vetReach(inOrder(placed), report);
  return scope;
}

function vetGroup(raw: unknown, path: string, scope: Scope, report: Report): void {
  const members = listAt(raw, path, report);
  if (Array.isArray(raw) && members.length === 0) report(flaw(path, 'no_fields'));
  if (members.length > MAX_MEMBERS) return report(flaw(path, 'too_many_fields', { max: MAX_MEMBERS }));
  const places = members.map((member, at) => ({ raw: member, path: join(path, at) }));
  vetFields(places, report, scope);
}

/** What a field of a group can't be or do. */
function vetMember(field: Field, path: string, report: Report): void {
  if (PROJECTIONS[field.kind].alone) report(flaw(join(path, 'kind'), 'group_unfit_kind'));
  for (const name of ['maps', 'filterable'] as const) if (field[name]) report(flaw(join(path, name), 'not_for_member'));
}

function inOrder(placed: readonly Placed[]): Placed[] {
  const at = new Map(placed.map(({ field }, index) => [field.key, index]));
  const needs = placed.map(({ field }) => [...valueNames(field)].flatMap((name) => at.get(splitName(name)[0]) ?? []));
  return orderOf(needs).map((index) => placed[index]!);
}

import { isRecord } from '../fields/kinds/kind.ts';
import type { Field, FieldKind, FormContent, Step } from '../fields/types.ts';
import { propertiesOf } from '../fields/vet/index.ts';
import { dropReferences, recodeReferences, renameReferences } from './references.ts';

/**
 * What a designer does to a form, as pure steps: each takes a content and gives another, so that undoing is keeping the
 * one before. Places are paths as issues name them: `steps.0` a step, `steps.0.fields.3` a field, and a field of a group
 * `steps.0.fields.3.fields.1`; a list of fields is named by what holds it.
 */

/** The content after a step, and the place of what was touched. */
export interface Edit {
  content: FormContent;
  at: string;
}

/** Whether steps and fields are lists of objects, as all that is here needs them; everything else may be unfinished. */
export function isEditable(content: unknown): content is FormContent {
  const fieldsFit = (fields: unknown): boolean =>
    Array.isArray(fields) &&
    fields.every((field) => isRecord(field) && (!('fields' in field) || fieldsFit(field.fields)));
  return (
    isRecord(content) &&
    Array.isArray(content.steps) &&
    content.steps.every((step) => isRecord(step) && fieldsFit(step.fields))
  );
}

/** `steps.0.fields.3.pattern` → `steps.0.fields.3`: the field or step that a path lies in; null for the form itself. */
export function placeOf(path: string): string | null {
  return /^steps\.\d+(?:\.fields\.\d+){0,2}/.exec(path)?.[0] ?? null;
}

/** The list that a field is in, and where: `['steps.0', 3]`. */
export function listOf(at: string): [list: string, index: number] {
  const match = /^(.*?)(?:\.fields\.(\d+))$/.exec(at);
  return match ? [match[1]!, Number(match[2])] : [at, -1];
}

const isStep = (place: string): boolean => /^steps\.\d+$/.test(place);
const stepAt = (place: string): number => Number(/^steps\.(\d+)/.exec(place)?.[1] ?? -1);

/** The step or field at a place. */
export function nodeAt(content: FormContent, place: string): Step | Field | undefined {
  let node: unknown = content;
  for (const part of place.split('.')) {
    if (Array.isArray(node)) node = node[Number(part)];
    else node = isRecord(node) ? node[part] : undefined;
  }
  return isRecord(node) ? (node as unknown as Step | Field) : undefined;
}

export const fieldAt = (content: FormContent, at: string): Field | undefined =>
  isStep(at) ? undefined : (nodeAt(content, at) as Field | undefined);

/** The group that the field at a place is in; null for a field of a step. */
export function groupOf(content: FormContent, at: string): Field | null {
  const [list] = listOf(at);
  return isStep(list) ? null : (fieldAt(content, list) ?? null);
}

/** The fields that something holds: a step's, a group's. */
export function fieldsIn(content: FormContent, list: string): Field[] {
  return (nodeAt(content, list) as { fields?: Field[] } | undefined)?.fields ?? [];
}

function withFields(content: FormContent, list: string, fields: Field[]): FormContent {
  return replaceNode(content, list, { ...nodeAt(content, list)!, fields });
}

function replaceNode(content: FormContent, place: string, node: Step | Field): FormContent {
  if (isStep(place)) {
    const steps = [...content.steps];
    steps[stepAt(place)] = node as Step;
    return { ...content, steps };
  }
  const [list, index] = listOf(place);
  const fields = [...fieldsIn(content, list)];
  fields[index] = node as Field;
  return withFields(content, list, fields);
}

/** Every field with its place, in order; a group before its own. */
export function placesOf(content: FormContent): { at: string; field: Field }[] {
  const walk = (list: string): { at: string; field: Field }[] =>
    fieldsIn(content, list).flatMap((field, index) => {
      const at = `${list}.fields.${index}`;
      return [{ at, field }, ...walk(at)];
    });
  return content.steps.flatMap((_, index) => walk(`steps.${index}`));
}

/** A key like `base` that no field has: `phone`, `phone2`, `phone3`. */
export function freshKey(content: FormContent, base: string, taken: readonly string[] = []): string {
  const used = new Set([...placesOf(content).map(({ field }) => field.key), ...taken]);
  const stem = base.slice(0, 36);
  if (!used.has(stem)) return stem;
  const bare = stem.replace(/\d+$/, '') || stem;
  let n = 2;
  while (used.has(`${bare}${n}`)) n += 1;
  return `${bare}${n}`;
}

export function insertField(content: FormContent, list: string, index: number, field: Field): Edit {
  const fields = [...fieldsIn(content, list)];
  const at = Math.max(0, Math.min(index, fields.length));
  fields.splice(at, 0, field);
  return { content: withFields(content, list, fields), at: `${list}.fields.${at}` };
}

/**
 * Takes a field to another place; `index` counts in the list as it is before. A group goes into no group, and a place in
 * a field's own group is none: then nothing happens.
 */
export function moveField(content: FormContent, from: string, list: string, index: number): Edit {
  const field = fieldAt(content, from);
  const holder = nodeAt(content, list);
  const [home, place] = listOf(from);
  const within = list === from || list.startsWith(`${from}.`);
  const impossible = !field || !holder || within || (!isStep(list) && field.kind === 'group');
  if (impossible || (home === list && (index === place || index === place + 1))) return { content, at: from };
  const put = insertField(content, list, index, field);
  const gone = shifted(from, put.at, 1);
  return { content: removeOnly(put.content, gone), at: shifted(put.at, gone, -1) };
}

/** Where a place is after a field was put in at `changed` (1) or taken out of there (-1). */
function shifted(place: string, changed: string, by: -1 | 1): string {
  const [list, index] = listOf(changed);
  const prefix = `${list}.fields.`;
  if (!place.startsWith(prefix)) return place;
  const [number = '', ...rest] = place.slice(prefix.length).split('.');
  const moves = by > 0 ? Number(number) >= index : Number(number) > index;
  return moves ? prefix + [String(Number(number) + by), ...rest].join('.') : place;
}

function removeOnly(content: FormContent, at: string): FormContent {
  const [list, index] = listOf(at);
  return withFields(
    content,
    list,
    fieldsIn(content, list).filter((_, each) => each !== index),
  );
}

/** One place up or down; at a step's edge into the step before or after, a field of a group no further than its group. */
export function nudgeField(content: FormContent, at: string, by: -1 | 1): Edit {
  const [list, index] = listOf(at);
  const last = fieldsIn(content, list).length - 1;
  if (by < 0 ? index > 0 : index < last) return moveField(content, at, list, by < 0 ? index - 1 : index + 2);
  const next = `steps.${stepAt(list) + by}`;
  if (!isStep(list) || !nodeAt(content, next)) return { content, at };
  return moveField(content, at, next, by < 0 ? fieldsIn(content, next).length : 0);
}

/** A copy behind the field, under keys of its own. It writes nothing into the person: only one field may. */
export function duplicateField(content: FormContent, at: string): Edit {
  const field = fieldAt(content, at);
  if (!field) return { content, at };
  const { maps: _maps, ...rest } = field;
  const copy = { ...rest, key: freshKey(content, field.key || 'field') };
  const [list, index] = listOf(at);
  return insertField(content, list, index + 1, copy);
}

/** Takes a field away, with every mention of it in conditions, expressions, checks and the duplicate rule. */
export function removeField(content: FormContent, at: string): Edit {
  const field = fieldAt(content, at);
  if (!field) return { content, at };
  const group = groupOf(content, at);
  const [list, index] = listOf(at);
  let next = removeOnly(content, at);
  // Another field of the same key (an unfinished form) is still meant by what names it.
  const alone = !fieldsNamed(next, field.key, group).length;
  if (alone && field.key) next = dropReferences(next, field.key, group?.key ?? null);
  const left = fieldsIn(next, list).length;
  return { content: next, at: left ? `${list}.fields.${Math.min(index, left - 1)}` : list };
}

const fieldsNamed = (content: FormContent, key: string, group: Field | null): Field[] => {
  const holders = group
    ? placesOf(content).filter(({ field }) => field.kind === 'group' && field.key === group.key)
    : [];
  const lists = group ? holders.map(({ field }) => field.fields ?? []) : content.steps.map((step) => step.fields);
  return lists.flat().filter((field) => field.key === key);
};

/** Properties with other values; `undefined` takes one away. `key` is `renameField`'s. */
export function changeNode<T extends Step | Field>(content: FormContent, place: string, patch: Partial<T>): Edit {
  const node = nodeAt(content, place);
  if (!node) return { content, at: place };
  const next = { ...node, ...patch } as Record<string, unknown>;
  for (const [name, value] of Object.entries(patch)) if (value === undefined) delete next[name];
  return { content: replaceNode(content, place, next as unknown as Step | Field), at: place };
}

/** Another key for a field, and in all that names it. */
export function renameField(content: FormContent, at: string, key: string): Edit {
  const field = fieldAt(content, at);
  if (!field) return { content, at };
  const group = groupOf(content, at);
  const shared = fieldsNamed(content, field.key, group).length > 1;
  const told = shared ? content : renameReferences(content, field.key, group?.key ?? null, key);
  return changeNode<Field>(told, at, { key });
}

/** Kinds whose `min` and `max` mean the same: lengths, amounts, days. */
const BOUNDS: string[][] = [
  ['text', 'textarea', 'address', 'email', 'url'],
  ['integer', 'decimal', 'number'],
  ['date'],
  ['datetime'],
  ['time'],
];

/** Another code for an option, and in all that compares the field with it. */
export function recodeOption(content: FormContent, at: string, from: string, to: string): Edit {
  const field = fieldAt(content, at);
  if (!field?.options) return { content, at };
  const group = groupOf(content, at);
  const doubled = field.options.filter(({ code }) => code === from).length > 1;
  const place = { key: field.key, within: group?.key ?? null };
  const told = doubled ? content : recodeReferences(content, place, [from, to]);
  let done = false;
  const options = field.options.map((option) => {
    if (done || option.code !== from) return option;
    done = true;
    return { ...option, code: to };
  });
  return changeNode<Field>(told, at, {
    options: (fieldAt(told, at)?.options ?? options).map((option, n) => ({ ...option, code: options[n]!.code })),
  });
}

/** Another kind for a field; what means nothing for it, or something else, goes. Options are kept from one choice to another. */
export function changeKind(content: FormContent, at: string, kind: FieldKind): Edit {
  const field = fieldAt(content, at);
  if (!field || field.kind === kind) return { content, at };
  const fitting = new Set(propertiesOf(kind));
  const sameBounds = BOUNDS.some((kinds) => kinds.includes(kind) && kinds.includes(field.kind));
  const kept = Object.entries(field).filter(
    ([name]) => fitting.has(name) && (sameBounds || (name !== 'min' && name !== 'max')),
  );
  return { content: replaceNode(content, at, { ...Object.fromEntries(kept), kind } as Field), at };
}

export function insertStep(content: FormContent, index: number, step: Step): Edit {
  const steps = [...content.steps];
  const at = Math.max(0, Math.min(index, steps.length));
  steps.splice(at, 0, step);
  return { content: { ...content, steps }, at: `steps.${at}` };
}

/** A key that no step has. */
export function freshStepKey(content: FormContent, base = 'step'): string {
  const used = new Set(content.steps.map((step) => step.key));
  let n = content.steps.length + 1;
  while (used.has(`${base}${n}`)) n += 1;
  return `${base}${n}`;
}

export function moveStep(content: FormContent, at: string, by: -1 | 1): Edit {
  const from = stepAt(at);
  const to = from + by;
  const step = content.steps[from];
  if (!step || !content.steps[to]) return { content, at };
  const steps = [...content.steps];
  steps.splice(from, 1);
  steps.splice(to, 0, step);
  return { content: { ...content, steps }, at: `steps.${to}` };
}

/** Takes a step away with its fields, and every mention of these. */
export function removeStep(content: FormContent, at: string): Edit {
  const step = content.steps[stepAt(at)];
  if (!step) return { content, at };
  let next = content;
  // From the last, so that the places before it stay what they are.
  for (let index = step.fields.length - 1; index >= 0; index -= 1)
    next = removeField(next, `${at}.fields.${index}`).content;
  const steps = next.steps.filter((_, index) => index !== stepAt(at));
  return { content: { ...next, steps }, at: steps.length ? `steps.${Math.min(stepAt(at), steps.length - 1)}` : '' };
}

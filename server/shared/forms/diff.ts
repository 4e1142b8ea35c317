import type { Check, Field, FormContent, Step } from '../fields/types.ts';
import { changeOf, movedOf, sameJson, type ChangeReason, type FormChange } from './changes.ts';
import { addedReason, fieldChanges, propertiesOf } from './field-changes.ts';

export { worstOf, type ChangeClass, type ChangeReason, type FormChange } from './changes.ts';

/** A field where it stands. `name`: its key, within a group `members.name`. */
interface Place {
  name: string;
  field: Field;
  step: string;
  /** The key of the group around it. */
  group: string | null;
}

/** All fields, a group before its own. */
export function placesOf(content: FormContent): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const step of content.steps)
    for (const field of step.fields) {
      places.set(field.key, { name: field.key, field, step: step.key, group: null });
      for (const inner of field.fields ?? []) {
        const name = `${field.key}.${inner.key}`;
        places.set(name, { name, field: inner, step: step.key, group: field.key });
      }
    }
  return places;
}

type Places = ReadonlyMap<string, Place>;
const without = (places: Places, others: Places): Place[] =>
  [...places.values()].filter(({ name }) => !others.has(name));

/** A field that is gone and one that is new, and are one and the same by their looks. */
interface Renamed {
  from: Place;
  to: Place[];
  reason: ChangeReason;
}

const sameText = (one: Field, other: Field): boolean => one.label['zh-CN'] === other.label['zh-CN'];
const ownKey = ({ field }: Place): string => field.key;

/**
 * Pairs what is gone with what is new: of the same kind with the same label, or of the same key in another group. A group whose
 * questions are found in several new ones was split.
 */
function renames(before: Places, after: Places): Renamed[] {
  const [gone, fresh] = [without(before, after), without(after, before)];
  const taken = new Set<string>();
  const found: Renamed[] = [];
  for (const from of gone) {
    const free = fresh.filter(({ name, field }) => !taken.has(name) && field.kind === from.field.kind);
    const inner = new Set(from.field.fields?.map(({ key }) => key));
    const heirs = free.filter(({ field }) => field.fields?.some(({ key }) => inner.has(key)));
    const to =
      heirs.length > 1
        ? heirs
        : [
            free.find((each) => each.group === from.group && sameText(each.field, from.field)) ??
              free.find((each) => each.group !== from.group && ownKey(each) === ownKey(from)) ??
              heirs[0],
          ].filter((each) => each !== undefined);
    if (to.length === 0) continue;
    to.forEach(({ name }) => taken.add(name));
    const split = to.length > 1 || to[0]!.group !== from.group;
    found.push({ from, to, reason: split ? 'group_split' : 'key_renamed' });
  }
  // What went along with its group is told by the group.
  const groups = new Set(found.filter(({ from }) => from.field.fields).map(({ from }) => from.name));
  return found.filter(({ from }) => from.group === null || !groups.has(from.group));
}

function stepChanges(before: readonly Step[], after: readonly Step[]): FormChange[] {
  const [old, now] = [new Map(before.map((step) => [step.key, step])), new Map(after.map((step) => [step.key, step]))];
  const changes: FormChange[] = [];
  const bare = ({ fields: _fields, ...rest }: Step) => rest;
  for (const step of before)
    if (!now.has(step.key))
      changes.push(changeOf({ of: 'step', change: 'removed', key: step.key, before: bare(step), reason: 'order' }));
  for (const step of after) {
    const earlier = old.get(step.key);
    if (!earlier) {
      changes.push(changeOf({ of: 'step', change: 'added', key: step.key, after: bare(step), reason: 'order' }));
      continue;
    }
    const [was, is] = [bare(earlier), bare(step)] as unknown as Record<string, unknown>[];
    for (const property of propertiesOf(was!, is!))
      changes.push(
        changeOf({
          of: 'step',
          change: 'changed',
          key: step.key,
          property,
          before: was![property],
          after: is![property],
          reason: 'text',
        }),
      );
  }
  const common = (steps: readonly Step[], others: ReadonlyMap<string, Step>) =>
    steps.map(({ key }) => key).filter((key) => others.has(key));
  for (const key of movedOf(common(before, now), common(after, old)))
    changes.push(changeOf({ of: 'step', change: 'moved', key, reason: 'order' }));
  return changes;
}

/** Added, removed, renamed, moved and changed fields, in the order in which the new content asks; what is gone comes last. */
function allFieldChanges(before: Places, after: Places): FormChange[] {
  const changes: FormChange[] = [];
  const pairs = renames(before, after);
  const heirs = new Set(pairs.flatMap(({ to }) => to.map(({ name }) => name)));
  const heirless = new Set(pairs.map(({ from }) => from.name));
  const common = [...after.values()].filter(({ name }) => before.has(name));
  const moved = new Set(
    movedOf(
      [...before.keys()].filter((name) => after.has(name)),
      common.map(({ name }) => name),
    ),
  );
  // A group that moves takes its questions along.
  const alongWith = (place: Place) => place.group !== null && moved.has(place.group);
  const isNew = (name: string) => !before.has(name);
  for (const place of after.values()) {
    const { name, field } = place;
    const old = before.get(name);
    if (!old) {
      if (heirs.has(name) || (place.group !== null && isNew(place.group))) continue;
      changes.push(changeOf({ of: 'field', change: 'added', key: name, after: field, reason: addedReason(field) }));
      continue;
    }
    changes.push(...fieldChanges(name, old.field, field));
    const elsewhere = place.group === null && old.step !== place.step;
    if (elsewhere || (moved.has(name) && !alongWith(place)))
      changes.push(
        changeOf({ of: 'field', change: 'moved', key: name, before: old.step, after: place.step, reason: 'order' }),
      );
  }
  for (const { from, to, reason } of pairs) {
    const after = to.length > 1 ? to.map(({ name }) => name) : to[0]!.name;
    changes.push(changeOf({ of: 'field', change: 'renamed', key: from.name, before: from.name, after, reason }));
  }
  for (const { name, field, group } of before.values()) {
    if (after.has(name) || heirless.has(name) || (group !== null && !after.has(group))) continue;
    const reason = field.kind === 'static' ? 'text' : 'field_removed';
    changes.push(changeOf({ of: 'field', change: 'removed', key: name, before: field, reason }));
  }
  return changes;
}

function checkChanges(before: readonly Check[] = [], after: readonly Check[] = []): FormChange[] {
  const [old, now] = [new Map(before.map((each) => [each.key, each])), new Map(after.map((each) => [each.key, each]))];
  const changes: FormChange[] = [];
  for (const check of before)
    if (!now.has(check.key))
      changes.push(changeOf({ of: 'check', change: 'removed', key: check.key, before: check, reason: 'relaxed' }));
  for (const check of after) {
    const earlier = old.get(check.key);
    if (!earlier)
      changes.push(changeOf({ of: 'check', change: 'added', key: check.key, after: check, reason: 'check_added' }));
    else
      for (const property of propertiesOf(earlier, check))
        changes.push(
          changeOf({
            of: 'check',
            change: 'changed',
            key: check.key,
            property,
            before: earlier[property as keyof Check],
            after: check[property as keyof Check],
            reason: property === 'assert' ? 'check_added' : 'text',
          }),
        );
  }
  return changes;
}

function formProperties(before: FormContent, after: FormContent): FormChange[] {
  return (['title', 'intro', 'dedupe'] as const)
    .filter((property) => !sameJson(before[property], after[property]))
    .map((property) =>
      changeOf({
        of: 'form',
        change: 'changed',
        key: '',
        property,
        before: before[property],
        after: after[property],
        reason: property === 'dedupe' ? 'dedupe_changed' : 'text',
      }),
    );
}

/**
 * What differs between two contents of a form, each difference classed by what it does to answers that were given on the first.
 * Steps, fields, options and checks are told apart by their keys and codes. A class is a promise at worst: `lossy` says that an
 * answer can be hit, counting says how many are.
 * @param before,after contents that may be published
 */
export function diffForms(before: FormContent, after: FormContent): FormChange[] {
  return [
    ...formProperties(before, after),
    ...stepChanges(before.steps, after.steps),
    ...allFieldChanges(placesOf(before), placesOf(after)),
    ...checkChanges(before.checks, after.checks),
  ];
}

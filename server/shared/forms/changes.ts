/** What differs between two contents of a form, as data. Made by `diff.ts`, said by `change-words.ts`. */

/**
 * `safe`: every answer still fits and still means the same. `lossy`: an answer may no longer fit, and would have to be given
 * again. `breaking`: what was complete may not be complete any more, or would mean something else.
 */
export const CHANGE_CLASSES = ['safe', 'lossy', 'breaking'] as const;
export type ChangeClass = (typeof CHANGE_CLASSES)[number];

/** Why a change is in its class. */
export const REASONS = {
  text: 'safe',
  order: 'safe',
  optional_added: 'safe',
  option_added: 'safe',
  widened: 'safe',
  relaxed: 'safe',
  setting: 'safe',
  mapped: 'safe',
  field_removed: 'lossy',
  option_removed: 'lossy',
  option_restricted: 'lossy',
  narrowed: 'lossy',
  visibility: 'lossy',
  computed: 'lossy',
  converted: 'lossy',
  required_added: 'breaking',
  check_added: 'breaking',
  kind_changed: 'breaking',
  unit_changed: 'breaking',
  consent_changed: 'breaking',
  key_renamed: 'breaking',
  group_split: 'breaking',
  dedupe_changed: 'breaking',
} as const satisfies Record<string, ChangeClass>;
export type ChangeReason = keyof typeof REASONS;
export const CHANGE_REASONS = Object.keys(REASONS) as [ChangeReason, ...ChangeReason[]];

export const CHANGED_THINGS = ['form', 'step', 'field', 'option', 'check'] as const;
export const CHANGE_KINDS = ['added', 'removed', 'renamed', 'moved', 'changed'] as const;

export interface FormChange {
  of: (typeof CHANGED_THINGS)[number];
  /** `renamed`: gone under `key`, and there under `after`, as far as can be seen; of a split group `after` lists its heirs. */
  change: (typeof CHANGE_KINDS)[number];
  /** The key of the step, field (`members.name` within a group) or check, the code of the option; empty for the form. */
  key: string;
  /** Of an option: the name of its field. */
  field?: string;
  /** Of `changed`: which property. */
  property?: string;
  /** The value of the property, or the whole thing. */
  before?: unknown;
  after?: unknown;
  class: ChangeClass;
  reason: ChangeReason;
}

/** A change, classed by its reason. */
export const changeOf = (change: Omit<FormChange, 'class'>): FormChange => ({
  ...change,
  class: REASONS[change.reason],
});

/** The worst of some changes; `safe` without any. */
export function worstOf(changes: readonly { class: ChangeClass }[]): ChangeClass {
  const worst = Math.max(0, ...changes.map((each) => CHANGE_CLASSES.indexOf(each.class)));
  return CHANGE_CLASSES[worst]!;
}

/** Whether two values of JSON are the same, whatever the order of their properties. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(one).filter((name) => one[name] !== undefined);
  return (
    names.length === Object.keys(other).filter((name) => other[name] !== undefined).length &&
    names.every((name) => sameJson(one[name], other[name]))
  );
}

/** What has to move so that one order becomes another: as few as possible. Both hold the same names. */
export function movedOf(before: readonly string[], after: readonly string[]): string[] {
  const place = new Map(before.map((name, at) => [name, at]));
  const places = after.map((name) => place.get(name)!);
  // The longest run that is in order already; the others have moved.
  const best: { length: number; previous: number }[] = [];
  let end = -1;
  places.forEach((own, at) => {
    best.push({ length: 1, previous: -1 });
    for (let earlier = 0; earlier < at; earlier += 1)
      if (places[earlier]! < own && best[earlier]!.length + 1 > best[at]!.length)
        best[at] = { length: best[earlier]!.length + 1, previous: earlier };
    if (end < 0 || best[at]!.length > best[end]!.length) end = at;
  });
  const still = new Set<number>();
  for (let at = end; at >= 0; at = best[at]!.previous) still.add(at);
  return after.filter((_, at) => !still.has(at));
}

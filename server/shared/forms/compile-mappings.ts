import type { Field, FormContent } from '../fields/types.ts';
import { changeOf, worstOf, type ChangeClass, type FormChange } from './changes.ts';
import { diffForms, placesOf } from './diff.ts';
import { endsOf, type Mapping } from './mappings.ts';

/** A change with the mappings that see to it, by their places in the list. */
export interface CompiledChange extends FormChange {
  mappedBy: number[];
}
export interface CompiledDiff {
  class: ChangeClass;
  changes: CompiledChange[];
}

const kindOf = (field: unknown): string => (field as Field | undefined)?.kind ?? '';

/** Whether a mapping sees to a change at all. */
function covers(mapping: Mapping, change: FormChange): boolean {
  const { from, to } = endsOf(mapping);
  if (change.of === 'option')
    return mapping.op === 'recode' && mapping.field === change.field && Object.hasOwn(mapping.codes, change.key);
  if (change.of !== 'field') return false;
  if (change.reason === 'required_added') return to.includes(change.key);
  if (change.change === 'removed' || change.change === 'renamed')
    return mapping.op !== 'recode' && mapping.op !== 'default' && from.includes(change.key);
  return change.reason === 'narrowed' && mapping.op === 'recode' && mapping.field === change.key;
}

/** How much a change still matters with its mapping. */
function classed(change: FormChange, mapping: Mapping, before: FormContent, after: FormContent): FormChange {
  if (mapping.op === 'recode' && change.of === 'option')
    return mapping.codes[change.key] === null ? change : changeOf({ ...change, reason: 'mapped' });
  if (mapping.op === 'default' || change.reason === 'narrowed') return changeOf({ ...change, reason: 'mapped' });
  const [old, now] = [placesOf(before), placesOf(after)];
  const { from, to } = endsOf(mapping);
  const kinds = new Set([
    ...from.map((name) => kindOf(old.get(name)?.field)),
    ...to.map((name) => kindOf(now.get(name)?.field)),
  ]);
  // Who left out what another field is made of has nothing there either.
  if (change.reason === 'required_added' && !from.every((name) => old.get(name)?.field.required)) return change;
  return changeOf({ ...change, reason: kinds.size > 1 ? 'converted' : 'mapped' });
}

/**
 * What differs between two contents, and what is left of that for answers when the mappings have been applied.
 * @param mappings as `vetMappings` let them pass
 */
export function compileDiff(before: FormContent, after: FormContent, mappings: readonly Mapping[] = []): CompiledDiff {
  const changes = diffForms(before, after).map((change): CompiledChange => {
    const mappedBy = mappings.flatMap((mapping, at) => (covers(mapping, change) ? [at] : []));
    const last = mappedBy.at(-1);
    return { ...(last === undefined ? change : classed(change, mappings[last]!, before, after)), mappedBy };
  });
  return { class: worstOf(changes), changes };
}

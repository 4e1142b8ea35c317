import { computed, inject, nextTick, provide, ref, shallowRef, type InjectionKey } from 'vue';
import type { Field, FormContent, Step } from '../../../../server/shared/fields/types.ts';
import * as edit from '../../../../server/shared/forms/edit.ts';
import * as history from './history.ts';

/** One state of the form while it is designed, with the place that is being worked on. */
interface State {
  content: FormContent;
  at: string | null;
}

/**
 * A form while it is designed: every change is a step that can be taken back. `selected` is a place in it (`steps.0`,
 * `steps.0.fields.3`), the empty text for the form itself, null for nothing.
 */
export function createDesign(start: FormContent, mayWrite: boolean) {
  const states = shallowRef(history.begin<State>({ content: start, at: null }));
  const content = computed(() => states.value.now.content);
  const selected = ref<string | null>(null);
  /** What screen readers are told of the last step. */
  const said = ref('');
  /** What was deleted last, for the offer to take it back. */
  const deleted = ref<string | null>(null);

  function show(place: string | null): void {
    selected.value = place;
  }
  function put(next: FormContent, at: string | null, tag: string | null = null): void {
    if (!mayWrite || next === content.value) return;
    states.value = history.push(states.value, { content: next, at }, tag);
    deleted.value = null;
    selected.value = at;
  }
  function apply({ content: next, at }: edit.Edit, tag: string | null = null): void {
    put(next, at, tag);
  }
  function travel(next: history.History<State>): void {
    if (next === states.value) return;
    states.value = next;
    deleted.value = null;
    const { at } = next.now;
    selected.value = at !== null && (at === '' || edit.nodeAt(next.now.content, at)) ? at : null;
  }

  return {
    mayWrite,
    content,
    selected,
    said,
    deleted,
    canUndo: computed(() => states.value.past.length > 0),
    canRedo: computed(() => states.value.future.length > 0),
    select: show,
    apply,
    /** The whole form anew: from JSON, a workbook, a merge. One step back brings the old one. */
    replace: (next: FormContent) => put(next, null),
    /** Changes of the form itself: title, intro, checks, what identifies duplicates. */
    changeForm: (patch: Partial<FormContent>, tag: string) => {
      const next = { ...content.value, ...patch } as Record<string, unknown>;
      for (const [name, value] of Object.entries(patch)) if (value === undefined) delete next[name];
      put(next as unknown as FormContent, '', tag);
    },
    /** Changes of the selected step or field; typing on in one property is one step back. */
    change: (place: string, patch: Partial<Field> | Partial<Step>) =>
      apply(
        edit.changeNode<Field>(content.value, place, patch as Partial<Field>),
        `${place} ${Object.keys(patch).join()}`,
      ),
    /** Takes a field or step away; `name` is what the offer to take it back calls it. */
    remove: (place: string, name: string) => {
      apply(/fields/.test(place) ? edit.removeField(content.value, place) : edit.removeStep(content.value, place));
      deleted.value = name;
    },
    undo: () => travel(history.undo(states.value)),
    redo: () => travel(history.redo(states.value)),
    /** Moves the focus to the row of a place, once it is drawn. */
    focus: async (place: string | null) => {
      await nextTick();
      document.querySelector<HTMLElement>(`[data-place="${place ?? ''}"] .pick`)?.focus();
    },
  };
}

export type Design = ReturnType<typeof createDesign>;
const KEY: InjectionKey<Design> = Symbol('design');

export function provideDesign(design: Design): Design {
  provide(KEY, design);
  return design;
}

/** The form that the page is about. */
export function useDesign(): Design {
  const design = inject(KEY);
  if (!design) throw new Error('outside of a designer');
  return design;
}

import { ref, type Ref } from 'vue';
import type { Field, Step, Text } from '../../../../server/shared/fields/types.ts';
import * as edit from '../../../../server/shared/forms/edit.ts';
import { referencesTo, type Reference } from '../../../../server/shared/forms/references.ts';
import { say } from '../../../common/admin/text/texts.ts';
import { t } from './design.texts.ts';
import type { PaletteItem } from './palette.ts';
import { newField } from './palette.ts';
import type { Design } from './use-design.ts';
import type { DropPlace } from './use-drag.ts';

/** What people call a step or field. */
export function nodeName(node: Step | Field | undefined): string {
  if (!node) return '';
  return say(('title' in node ? node.title : (node as Field).label) as Text | undefined) || node.key || t('untitled');
}

/** What can be done with the rows of the structure, by press, key or drag alike. `kindName` names a kind in both languages. */
export function useActs(design: Design, kindName: (item: PaletteItem) => { 'zh-CN': string; en: string }) {
  /** The list that the palette adds to while it is open as a dialog; null: behind what is selected. */
  const adding: Ref<string | null> = ref(null);
  /** A field that other rules name, until it is said whether it goes. */
  const asking: Ref<{ at: string; name: string; uses: Reference[] } | null> = ref(null);
  /** Counts up when the properties of the selected place are to be shown: on a phone they cover the page. */
  const opened = ref(0);

  const content = () => design.content.value;
  const nameAt = (place: string) => nodeName(edit.nodeAt(content(), place));
  const groupOf = (at: string) => edit.groupOf(content(), at);
  const isLast = (at: string) => {
    const [list, index] = edit.listOf(at);
    return index === edit.fieldsIn(content(), list).length - 1;
  };

  function tellPlace(at: string, name: string): void {
    const match = /^steps\.(\d+)(?:\.fields\.(\d+))?(\.fields\.(\d+))?$/.exec(at);
    const [, step, field, , inner] = match ?? [];
    if (inner !== undefined) design.said.value = t('movedInner', { name, n: Number(inner) + 1 });
    else if (field !== undefined)
      design.said.value = t('moved', { name, step: Number(step) + 1, n: Number(field) + 1 });
    else design.said.value = t('movedStep', { name, step: Number(step) + 1 });
  }
  function nudge(at: string, by: -1 | 1): void {
    const name = nameAt(at);
    const step = /^steps\.\d+$/.test(at);
    const moved = step ? edit.moveStep(content(), at, by) : edit.nudgeField(content(), at, by);
    design.apply(moved);
    tellPlace(moved.at, name);
    void design.focus(moved.at);
  }
  function duplicate(at: string): void {
    if (!edit.fieldAt(content(), at)) return;
    design.apply(edit.duplicateField(content(), at));
    design.said.value = t('added', { name: nameAt(design.selected.value ?? '') });
    void design.focus(design.selected.value);
  }
  function removeNow(at: string): void {
    const name = nameAt(at);
    design.remove(at, name);
    design.said.value = t('deleted', { name });
    asking.value = null;
    void design.focus(design.selected.value);
  }
  /** Asks first where other rules name the field (or those of the step); else deletes, which can be taken back. */
  function remove(at: string): void {
    const fields = edit.fieldAt(content(), at) ? [at] : edit.fieldsIn(content(), at).map((_, n) => `${at}.fields.${n}`);
    const uses = fields.flatMap((one) =>
      referencesTo(content(), edit.fieldAt(content(), one)?.key ?? '', groupOf(one)?.key ?? null).filter(
        ({ path }) => !path.startsWith(`${at}.`),
      ),
    );
    if (uses.length === 0) return removeNow(at);
    asking.value = { at, name: nameAt(at), uses };
  }
  function put(item: PaletteItem, list: string, index: number): void {
    design.apply(edit.insertField(content(), list, index, newField(item, content(), kindName(item))));
    design.said.value = t('added', { name: nameAt(design.selected.value ?? '') });
    adding.value = null;
    opened.value += 1;
  }
  /** Behind the selected field, at the end of the selected step or group, else at the end of the last step. */
  function addSelected(item: PaletteItem): void {
    const list = adding.value;
    if (list !== null) return put(item, list, edit.fieldsIn(content(), list).length);
    const at = design.selected.value;
    const field = at ? edit.fieldAt(content(), at) : undefined;
    if (at && field?.kind === 'group' && item.kind !== 'group')
      return put(item, at, edit.fieldsIn(content(), at).length);
    if (at && field) {
      const [home, index] = edit.listOf(at);
      // A group goes into no group: it comes behind the one that is selected.
      const [outer, place] = item.kind === 'group' && home.includes('.fields.') ? edit.listOf(home) : [home, index];
      return put(item, outer, place + 1);
    }
    let step = at && /^steps\.\d+$/.test(at) ? at : null;
    if (!step) {
      if (!content().steps.length) addStep();
      step = `steps.${content().steps.length - 1}`;
    }
    put(item, step, edit.fieldsIn(content(), step).length);
  }
  function addStep(): void {
    const at = design.selected.value;
    const after = at ? Number(/^steps\.(\d+)/.exec(at)?.[1] ?? content().steps.length - 1) : content().steps.length - 1;
    const step: Step = {
      key: edit.freshStepKey(content()),
      title: { 'zh-CN': '新步骤', en: 'New step' },
      fields: [],
    };
    design.apply(edit.insertStep(content(), after + 1, step));
    design.said.value = t('added', { name: t('newStep') });
  }
  function drop(from: string, { list, index }: DropPlace): void {
    const name = nameAt(from);
    const moved = edit.moveField(content(), from, list, index);
    design.apply(moved);
    tellPlace(moved.at, name);
  }
  function open(place: string): void {
    design.select(place);
    opened.value += 1;
  }
  function onKey(event: KeyboardEvent, at: string): void {
    const { key, altKey, ctrlKey, metaKey } = event;
    const vertical = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0;
    if (vertical && !altKey) step(event.currentTarget as HTMLElement, vertical);
    else if (!design.mayWrite) return;
    else if (vertical) nudge(at, vertical);
    else if (key === 'Delete' || key === 'Backspace') remove(at);
    else if ((ctrlKey || metaKey) && key.toLowerCase() === 'd') duplicate(at);
    else return;
    event.preventDefault();
  }
  /** The row before or after. */
  function step(row: HTMLElement, by: -1 | 1): void {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-tree] .pick')];
    rows[rows.indexOf(row) + by]?.focus();
  }

  return {
    adding,
    asking,
    opened,
    groupOf,
    isLast,
    nudge,
    duplicate,
    remove,
    removeNow,
    put,
    addSelected,
    addStep,
    drop,
    open,
    onKey,
    add: (list: string) => (adding.value = list),
    nameAt,
  };
}

export type Acts = ReturnType<typeof useActs>;

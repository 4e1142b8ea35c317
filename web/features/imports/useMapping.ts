import { computed, onScopeDispose, ref, watch } from 'vue';
import { useAction } from '../../common/admin/state/useAction.ts';
import { asProblem } from '../../common/admin/api/problem.ts';
import { mapImport } from './imports.api.ts';
import type { ImportView } from './imports.types.ts';
import { clashes, draftOf, inputOf, type MappingDraft } from './mapping.ts';
import type { ImportModel } from './useImport.ts';

/** So long after the last change a mapping is saved, ms. */
const PAUSE = 500;

/**
 * The mapping of an import while it is edited. It saves itself, so that what a person has said is there on every host and
 * in every browser; a field given twice waits until that is mended.
 */
export function useMapping({ view: shown, take, load }: ImportModel) {
  // Of the model and not of the page: that follows only with the next drawing.
  const view = () => shown.value as ImportView;
  const draft = ref<MappingDraft>(draftOf(view()));
  const savedAt = ref<Date | null>(null);
  const conflict = ref(false);
  const clash = computed(() => clashes(draft.value.fields));
  const faulty = computed(() => clash.value.some((other) => other !== null));
  let changes = 0;
  let saved = 0;
  const dirty = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const { busy, problem, run } = useAction(async () => {
    const upTo = changes;
    try {
      const next = await mapImport(view().id, inputOf(draft.value, view()));
      saved = upTo;
      take(next);
      savedAt.value = new Date();
    } catch (fault) {
      if (asProblem(fault).code !== 'edit_conflict') throw fault;
      conflict.value = true;
      saved = changes;
      await load(true);
    }
    dirty.value = saved < changes;
    if (!dirty.value) draft.value = draftOf(view());
  });

  /** Saves what is not saved yet. Resolves with whether everything is. */
  async function save(): Promise<boolean> {
    clearTimeout(timer);
    while (dirty.value && !faulty.value) {
      if (busy.value) await new Promise((resolve) => setTimeout(resolve, 50));
      else if (!(await run())) return false;
    }
    return !dirty.value;
  }
  function change(part: Partial<MappingDraft>): void {
    draft.value = { ...draft.value, ...part };
    conflict.value = false;
    changes += 1;
    dirty.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => void save(), PAUSE);
  }
  // Somebody else, or a check that ended, may have moved it on.
  watch(
    () => view().rev,
    () => {
      if (!dirty.value && !busy.value) draft.value = draftOf(view());
    },
  );
  // What was chosen in the last half second is saved on the way out.
  onScopeDispose(() => void save());
  return { draft, change, save, busy, problem, dirty, savedAt, conflict, clash, faulty };
}

export type MappingModel = ReturnType<typeof useMapping>;

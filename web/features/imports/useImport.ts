import { computed, onMounted, watch } from 'vue';
import { asProblem } from '../../common/admin/api/problem.ts';
import { taskPulse } from '../../common/admin/shell/tasks.ts';
import { useAction } from '../../common/admin/state/useAction.ts';
import { useLoad } from '../../common/admin/state/useLoad.ts';
import { locale } from '../../common/admin/text/locale.ts';
import { useEvents } from '../../common/admin/work/useEvents.ts';
import { askImport, getImport, PATH, type ImportDeed } from './imports.api.ts';
import type { ImportView } from './imports.types.ts';
import { isEnded, isMoving } from './steps.ts';

export type ImportModel = ReturnType<typeof useImport>;

/** One import, followed live while a worker is at it; what is asked of it; its refusals. */
export function useImport(id: () => string) {
  const { data: view, loading, problem, load } = useLoad(() => getImport(id()));
  const moving = computed(() => view.value !== null && view.value.id === id() && isMoving(view.value.state));

  /** An answer may be overtaken by a later one. */
  function take(next: ImportView): void {
    if (next.id === id() && (view.value?.id !== next.id || next.rev >= view.value.rev)) view.value = next;
  }
  const { lost } = useEvents<ImportView>({
    url: () => (moving.value ? `${PATH}/${id()}/events` : null),
    ask: () => getImport(id(), true),
    take,
  });

  const {
    busy,
    problem: refused,
    run: ask,
  } = useAction(async (deed: ImportDeed) => {
    try {
      take(await askImport(id(), deed));
      taskPulse.value += 1;
    } catch (fault) {
      // It has moved on meanwhile: what may be done now is shown beside the refusal.
      if (asProblem(fault).code === 'conflict') void load(true);
      throw fault;
    }
  });

  onMounted(() => load());
  watch(id, () => {
    view.value = null;
    refused.value = null;
    void load();
  });
  // The stream speaks the browser's language; an ordinary request asks for the page's.
  watch(locale, () => void (view.value && load(true)));
  watch(
    () => view.value?.state,
    (now, before) => void (now && before && isEnded(now) && isMoving(before) && load(true)),
  );
  return { view, loading, problem, load, lost, take, ask, busy, refused };
}

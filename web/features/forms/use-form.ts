import { onBeforeUnmount, watch } from 'vue';
import type { ApiProblem } from '../../common/client/problem.ts';
import { beforeReload } from '../../common/stale.ts';
import { useLoad } from '../../common/ui/load.ts';
import { handleExpired } from '../login/index.ts';
import { currentPlace, go } from '../../common/routing.ts';
import { keepTyped, saveNow, saveSoon } from './autosave.ts';
import { openForm, type OpenForm } from './open-form.ts';
import { visibleSteps } from './steps.ts';

/**
 * The open form for a screen; saved when the page is hidden or the network comes back. Somebody who comes with nothing
 * filled in to any but the first step (`stepKey`; none for the review) is led to the form's start.
 */
export function useForm(key: string, stepKey?: string) {
  const loading = useLoad(
    () => openForm(key),
    (problem: ApiProblem) => handleExpired(problem),
  );
  const save = (keepalive: boolean) => {
    const form: OpenForm | null = loading.data.value;
    if (form) void saveNow(form, keepalive);
  };
  // Without room on the device it must be on the server before the page may go.
  const stop = beforeReload(async () => {
    const form: OpenForm | null = loading.data.value;
    if (!form || keepTyped(form)) return true;
    await saveNow(form);
    return !form.dirty;
  });
  const hidden = () => {
    if (document.visibilityState !== 'hidden') return;
    if (loading.data.value) keepTyped(loading.data.value);
    save(true);
  };
  const online = () => save(false);
  document.addEventListener('visibilitychange', hidden);
  addEventListener('pagehide', hidden);
  addEventListener('online', online);
  onBeforeUnmount(() => {
    stop();
    document.removeEventListener('visibilitychange', hidden);
    removeEventListener('pagehide', hidden);
    removeEventListener('online', online);
  });
  // Answers that were brought in from this device are not on the server yet.
  watch(loading.data, (form) => {
    if (!form) return;
    if (form.dirty) saveSoon(form);
    const first = visibleSteps(form.content, form.answers)[0];
    const changing = currentPlace.value.query.from === 'review';
    if (first && first.step.key === stepKey && !changing) form.begun = true;
    if (!form.begun) go(`/forms/${key}`, true);
  });
  return loading;
}

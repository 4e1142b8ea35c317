import { onBeforeUnmount, watch } from 'vue';
import type { ApiProblem } from '../../common/client/problem.ts';
import { useLoad } from '../../common/ui/load.ts';
import { handleExpired } from '../login/index.ts';
import { saveNow, saveSoon } from './autosave.ts';
import { openForm, type OpenForm } from './open-form.ts';

/** The open form for a screen; saved when the page is hidden or the network comes back. */
export function useForm(key: string) {
  const loading = useLoad(
    () => openForm(key),
    (problem: ApiProblem) => handleExpired(problem),
  );
  const save = (keepalive: boolean) => {
    const form: OpenForm | null = loading.data.value;
    if (form) void saveNow(form, keepalive);
  };
  const hidden = () => document.visibilityState === 'hidden' && save(true);
  const online = () => save(false);
  document.addEventListener('visibilitychange', hidden);
  addEventListener('pagehide', hidden);
  addEventListener('online', online);
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hidden);
    removeEventListener('pagehide', hidden);
    removeEventListener('online', online);
  });
  // Answers that were brought in from this device are not on the server yet.
  watch(loading.data, (form) => form && form.dirty && saveSoon(form));
  return loading;
}

import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router';

/**
 * Guards changes that are not saved: asks before the page or window is left, and saves with Ctrl-S.
 * `asking` drives the dialog of LeaveDialog.vue; `answer` continues or stays. `keeps` says of a path whether the changes are
 * still there at it: another part of the same editor.
 */
export function useUnsaved(dirty: Ref<boolean>, save: () => unknown, keeps: (path: string) => boolean = () => false) {
  const asking = ref(false);
  let decide: ((leave: boolean) => void) | null = null;
  function mayLeave(): boolean | Promise<boolean> {
    if (!dirty.value) return true;
    asking.value = true;
    return new Promise<boolean>((resolve) => (decide = resolve));
  }
  onBeforeRouteLeave(mayLeave);
  // Another part of the same page, a form's preview, takes the editor away just as well.
  onBeforeRouteUpdate((to, from) => to.path === from.path || keeps(to.path) || mayLeave());
  function answer(leave: boolean): void {
    asking.value = false;
    decide?.(leave);
    decide = null;
  }
  const onUnload = (event: BeforeUnloadEvent) => {
    if (dirty.value) event.preventDefault();
  };
  const onKey = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      void save();
    }
  };
  onMounted(() => {
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('keydown', onKey);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', onUnload);
    document.removeEventListener('keydown', onKey);
  });
  return { asking, answer };
}

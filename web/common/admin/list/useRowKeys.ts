import { onBeforeUnmount, onMounted, ref } from 'vue';

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, button, a, [contenteditable], [role="dialog"][aria-modal="true"]') !== null;

/** J and K move through the rows, Enter opens; not while typing. Returns the active row's index (−1: none). */
export function useRowKeys(length: () => number, open: (index: number) => void, isOpen: () => boolean) {
  const active = ref(-1);
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
    if (step) {
      active.value = Math.max(0, Math.min(length() - 1, active.value + step));
      document.querySelector(`[data-row="${active.value}"]`)?.scrollIntoView({ block: 'nearest' });
      if (isOpen() && active.value >= 0) open(active.value);
    } else if (event.key === 'Enter' && active.value >= 0 && active.value < length()) {
      open(active.value);
    }
  }
  onMounted(() => document.addEventListener('keydown', onKey));
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey));
  return active;
}

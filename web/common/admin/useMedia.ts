import { onScopeDispose, ref, type Ref } from 'vue';

function useMedia(query: string): Ref<boolean> {
  const list = window.matchMedia(query);
  const matches = ref(list.matches);
  const follow = () => (matches.value = list.matches);
  list.addEventListener('change', follow);
  onScopeDispose(() => list.removeEventListener('change', follow), true);
  return matches;
}

/** Narrower than 768 px: cards, bottom navigation, full-screen dialogs, native selects and dates. */
export const usePhone = (): Ref<boolean> => useMedia('(max-width: 767.98px)');

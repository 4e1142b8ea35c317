import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { asProblem, type ApiProblem } from '../api/problem.ts';

export interface Load<T> {
  data: ShallowRef<T | null>;
  loading: Ref<boolean>;
  problem: ShallowRef<ApiProblem | null>;
  /** Loads again; a newer call makes an older answer worthless. `quiet` keeps what is shown meanwhile. */
  load: (quiet?: boolean) => Promise<void>;
}

/** One thing from the server with its loading and failed states. */
export function useLoad<T>(fetcher: () => Promise<T>): Load<T> {
  const data = shallowRef<T | null>(null);
  const loading = ref(false);
  const problem = shallowRef<ApiProblem | null>(null);
  let turn = 0;
  async function load(quiet = false): Promise<void> {
    const mine = ++turn;
    if (!quiet) {
      loading.value = true;
      problem.value = null;
    }
    try {
      const answer = await fetcher();
      if (mine !== turn) return;
      data.value = answer;
      problem.value = null;
    } catch (fault) {
      if (mine === turn && !(quiet && data.value)) problem.value = asProblem(fault);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }
  return { data, loading, problem, load };
}

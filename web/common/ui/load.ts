import { shallowRef, type ShallowRef } from 'vue';
import { toProblem, type ApiProblem } from '../client/problem.ts';

export interface Loading<T> {
  data: ShallowRef<T | null>;
  problem: ShallowRef<ApiProblem | null>;
  busy: ShallowRef<boolean>;
  load: () => Promise<void>;
}

/**
 * Loads what a screen needs, at once and again on `load()`. `onProblem` sees a fault first; if it returns true it has
 * dealt with it (an expired session, a closed form) and `problem` stays empty.
 */
export function useLoad<T>(fetchIt: () => Promise<T>, onProblem: (problem: ApiProblem) => boolean): Loading<T> {
  const data = shallowRef<T | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const busy = shallowRef(false);
  async function load() {
    busy.value = true;
    try {
      data.value = await fetchIt();
      problem.value = null;
    } catch (fault) {
      const found = toProblem(fault);
      problem.value = onProblem(found) ? null : found;
    }
    busy.value = false;
  }
  void load();
  return { data, problem, busy, load };
}

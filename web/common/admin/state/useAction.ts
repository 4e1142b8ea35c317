import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { asProblem, type ApiProblem } from '../api/problem.ts';

export interface Action<A extends unknown[]> {
  busy: Ref<boolean>;
  problem: ShallowRef<ApiProblem | null>;
  /** Resolves with true where it succeeded. A second press while it runs does nothing. */
  run: (...args: A) => Promise<boolean>;
}

/** Something the user does: busy while it runs, its refusal kept for display. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const busy = ref(false);
  const problem = shallowRef<ApiProblem | null>(null);
  async function run(...args: A): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    try {
      await work(...args);
      return true;
    } catch (fault) {
      problem.value = asProblem(fault);
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, problem, run };
}

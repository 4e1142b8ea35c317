import { citizenApi } from '../../common/client/citizen.ts';
import { ApiProblem } from '../../common/client/problem.ts';
import type { Draft } from '../../common/client/types.ts';

/** The server's draft, null for none. Throws ApiProblem. */
export async function draftOf(key: string): Promise<Draft | null> {
  try {
    return await citizenApi.draft(key);
  } catch (fault) {
    if (fault instanceof ApiProblem && fault.status === 404) return null;
    throw fault;
  }
}

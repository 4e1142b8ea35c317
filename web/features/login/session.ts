import { readonly, ref } from 'vue';
import { citizenApi } from '../../common/client/citizen.ts';
import { ApiProblem } from '../../common/client/problem.ts';
import type { Session } from '../../common/client/types.ts';
import { currentPlace, go } from '../../common/routing.ts';

/** `undefined`: not asked yet; `null`: nobody is logged in. */
const session = ref<Session | null | undefined>();
export const currentSession = readonly(session);

const leaving: (() => void)[] = [];

/** Registers what must be forgotten on this device when the citizen logs out. */
export const onLogOut = (forget: () => void) => void leaving.push(forget);

/** Asks once who is logged in. Throws ApiProblem if no answer comes; "nobody" is an answer. */
export async function whoAmI(): Promise<Session | null> {
  if (session.value !== undefined) return session.value;
  try {
    session.value = await citizenApi.session();
  } catch (fault) {
    if (!(fault instanceof ApiProblem) || fault.status !== 401) throw fault;
    session.value = null;
  }
  return session.value;
}

/** What the login screen calls when the code was right. */
export const enter = (account: Session) => void (session.value = account);

/** Goes to the login screen and comes back to `target` (default: here). `expired` says why. */
export function askLogIn(expired: boolean, target?: string): void {
  session.value = null;
  const { path, query } = currentPlace.value;
  const back = target || query.next || path;
  go(`/login?next=${encodeURIComponent(back)}${expired ? '&expired=1' : ''}`, true);
}

/** For `useLoad`: an expired session is answered by the login screen. */
export function handleExpired(problem: ApiProblem): boolean {
  if (problem.status !== 401) return false;
  askLogIn(session.value !== null && session.value !== undefined);
  return true;
}

/** Logs out here, forgets what this device kept, and goes home. Throws ApiProblem if the server could not be told. */
export async function logOut(): Promise<void> {
  try {
    await citizenApi.logOut();
  } catch (fault) {
    if (!(fault instanceof ApiProblem) || fault.status !== 401) throw fault;
  }
  session.value = null;
  leaving.forEach((forget) => forget());
  go('/');
}

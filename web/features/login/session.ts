import { readonly, ref } from 'vue';
import { isMiniProgram } from '../../common/bridge/env.ts';
import { citizenApi } from '../../common/client/citizen.ts';
import { ApiProblem } from '../../common/client/problem.ts';
import type { Session } from '../../common/client/types.ts';
import { currentPlace, go } from '../../common/routing.ts';
import { tabShelf } from '../../common/storage.ts';

/** `undefined`: not asked yet; `null`: nobody is logged in. */
const session = ref<Session | null | undefined>();
export const currentSession = readonly(session);

/** Set when somebody has logged out here: then another account is wanted, not the same one by the shell. */
const LEFT = 'left';

const leaving: (() => void)[] = [];

/** Registers what must be forgotten on this device when the citizen logs out. */
export const onLogOut = (forget: () => void) => void leaving.push(forget);

/** Spends the ticket that the shell gave; `undefined` if there is none, or it is refused. */
type Exchange = () => Promise<Session | undefined>;

let exchange: Exchange | null = null;
let asking: Promise<Session | null> | null = null;

/** The shell has opened this page: whoever asks who is logged in waits for its ticket. */
export function enterBy(spend: Exchange): void {
  exchange = spend;
  session.value = undefined;
}

/** Asks once who is logged in, however many screens want to know. Throws ApiProblem if no answer comes; "nobody" is an answer. */
export async function whoAmI(): Promise<Session | null> {
  if (session.value !== undefined) return session.value;
  asking = asking || askWho().finally(() => (asking = null));
  return asking;
}

/** The ticket counts once. After silence the next who asks tries it again. */
async function askWho(): Promise<Session | null> {
  try {
    const entered = exchange && (await exchange());
    exchange = null;
    session.value = entered || (await citizenApi.session());
  } catch (fault) {
    if (!(fault instanceof ApiProblem) || fault.status !== 401) throw fault;
    session.value = null;
  }
  return session.value;
}

/** For what is a citizen's own and asks the API at once: the shell's ticket comes first. Throws ApiProblem. */
export async function ticketSpent(): Promise<void> {
  if (exchange) await whoAmI();
}

/** Whether the same citizen, or still nobody, is logged in; true if no answer comes. */
export async function checkAgain(): Promise<boolean> {
  const before = session.value;
  if (before === undefined) return true;
  try {
    return (await citizenApi.session()).accountId === (before && before.accountId);
  } catch (fault) {
    return !(fault instanceof ApiProblem && fault.status === 401) || !before;
  }
}

/** What the login screen calls when the code was right. */
export function enter(account: Session): void {
  session.value = account;
  tabShelf.remove(LEFT);
}

/**
 * Logs in and comes back to `target` (default: here): by the shell in the mini-program, else on the login screen.
 * `expired` says why.
 */
export function askLogIn(expired: boolean, target?: string): void {
  session.value = null;
  const { path, query } = currentPlace.value;
  const back = target || query.next || path;
  const byPhone = () => go(`/login?next=${encodeURIComponent(back)}${expired ? '&expired=1' : ''}`, true);
  if (!isMiniProgram() || tabShelf.get(LEFT)) return byPhone();
  void import('./by-shell.ts').then(({ askShell }) => askShell(back)).then((asked) => asked || byPhone(), byPhone);
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
  tabShelf.set(LEFT, true);
  leaving.forEach((forget) => forget());
  go('/');
}

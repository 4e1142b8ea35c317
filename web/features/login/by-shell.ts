import { isMiniProgram } from '../../common/bridge/env.ts';
import { bridge } from '../../common/bridge/index.ts';
import { readEntry } from '../../common/bridge/fragment.ts';
import { boot } from '../../common/boot.ts';
import { citizenApi } from '../../common/client/citizen.ts';
import { ApiProblem } from '../../common/client/problem.ts';
import type { Session } from '../../common/client/types.ts';
import { currentPlace } from '../../common/routing.ts';
import { deviceShelf } from '../../common/storage.ts';

/** A ticket that is refused again at once has another fault than its age: then the citizen logs in by SMS. */
const AGAIN_MS = 60_000;
const ASKED = 'shellAsked';

/**
 * Spends the ticket of the entry when it is sure that this page is not about to load itself anew. Undefined: there was none,
 * or it is refused and the shell is not asked for another. Throws ApiProblem if no answer came; then it may be spent again.
 */
export async function spendTicket(): Promise<Session | undefined> {
  await new Promise<void>((then) => boot.ready(then));
  const entry = readEntry(boot.entry);
  // A plain browser never gets a ticket of its own citizen: somebody else's would log this one in to a stranger's account.
  if (!entry || !entry.ticket || !isMiniProgram()) return void (boot.entry = '');
  const { ticket, nonce } = entry;
  try {
    const session = await citizenApi.enterByTicket({ ticket, nonce, path: location.pathname });
    boot.entry = '';
    return session;
  } catch (fault) {
    if (!(fault instanceof ApiProblem) || fault.temporary || fault.status === 429) throw fault;
    boot.entry = '';
    if (!(await askShell(currentPlace.value.path))) return undefined;
    // The shell replaces this page.
    return await new Promise<never>(() => undefined);
  }
}

/** Asks the shell to log in again and to come back to a place. False: there is no shell, or it was asked a moment ago. */
export async function askShell(place: string): Promise<boolean> {
  // Without cookies every log-in ends at once.
  if (!navigator.cookieEnabled) return false;
  const asked = deviceShelf.get<number>(ASKED) || 0;
  if (Math.abs(Date.now() - asked) < AGAIN_MS) return false;
  deviceShelf.set(ASKED, Date.now());
  return bridge.login(place);
}

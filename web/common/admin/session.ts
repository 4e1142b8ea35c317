import { computed, ref } from 'vue';
import { send } from './api/http.ts';

/** Who is logged in, as the server tells it. */
export interface StaffSession {
  accountId: string;
  name: string;
  displayName: string;
  permissions: string[];
  mustChangePassword: boolean;
}

export const session = ref<StaffSession | null>(null);
const permissions = computed(() => new Set(session.value?.permissions ?? []));

/** Whether the logged-in account has a permission. Screens hide what it may not do; the server decides. */
export function can(permission: string | undefined): boolean {
  return !permission || permissions.value.has(permission);
}

/** Asks the server who is logged in. Resolves with null where nobody is. */
export async function loadSession(): Promise<StaffSession | null> {
  try {
    session.value = await send<StaffSession>('GET', '/api/staff/session');
  } catch (fault) {
    if (!(fault instanceof Error && 'status' in fault && fault.status === 401)) throw fault;
    session.value = null;
  }
  return session.value;
}

/** @throws ApiProblem `invalid_credentials`, `account_locked`, `rate_limited`. */
export async function logIn(name: string, password: string): Promise<StaffSession> {
  await send('POST', '/api/staff/session', { body: { name, password } });
  const loaded = await loadSession();
  if (!loaded) throw new Error('no session after a login');
  return loaded;
}

/** Ends this session, or every session of the account. */
export async function logOut(everywhere = false): Promise<void> {
  await send('DELETE', everywhere ? '/api/staff/sessions' : '/api/staff/session');
  session.value = null;
}

/** @throws ApiProblem with the issues of the new password. */
export async function changePassword(current: string, next: string): Promise<void> {
  await send('POST', '/api/staff/password', { body: { current, next } });
  await loadSession();
}

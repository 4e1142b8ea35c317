import { computed, ref } from 'vue';
import type { Permission } from '../../../server/shared/permissions.ts';
import { answer, api, write } from './api/http.ts';
import type { Answer } from './api/types.ts';

/** Who is logged in, as the server tells it. */
export type StaffSession = Answer<'getStaffSession'>;

export const session = ref<StaffSession | null>(null);
const permissions = computed(() => new Set<string>(session.value?.permissions ?? []));

/** Whether the logged-in account has a permission. Screens hide what it may not do; the server decides. */
export function can(permission: Permission | undefined): boolean {
  return !permission || permissions.value.has(permission);
}

/** Asks the server who is logged in. Resolves with null where nobody is. */
export async function loadSession(): Promise<StaffSession | null> {
  try {
    session.value = await answer(api.GET('/api/staff/session'));
  } catch (fault) {
    if (!(fault instanceof Error && 'status' in fault && fault.status === 401)) throw fault;
    session.value = null;
  }
  return session.value;
}

/** @throws ApiProblem `wrong_credentials`, `account_locked`, `account_disabled`, `too_many_requests`. */
export async function logIn(name: string, password: string): Promise<StaffSession> {
  await answer(api.POST('/api/staff/session', { params: { header: write() }, body: { name, password } }));
  const loaded = await loadSession();
  if (!loaded) throw new Error('no session after a login');
  return loaded;
}

/** Gives the password once more, for what takes a fresh log-in. @throws ApiProblem `wrong_credentials`, `account_locked` */
export const confirmPassword = (password: string) =>
  answer(api.POST('/api/staff/session/confirm', { params: { header: write() }, body: { password } }));

/** Ends this session, or every session of the account. */
export async function logOut(everywhere = false): Promise<void> {
  const options = { params: { header: write() } };
  await (everywhere
    ? answer(api.DELETE('/api/staff/sessions', options))
    : answer(api.DELETE('/api/staff/session', options)));
  session.value = null;
}

/** @throws ApiProblem with the issues of the new password. */
export async function changePassword(current: string, next: string): Promise<void> {
  await answer(api.POST('/api/staff/password', { params: { header: write() }, body: { current, next } }));
  await loadSession();
}

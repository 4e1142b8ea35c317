/** Asks for the password once more; false where it was not given. */
type Ask = () => Promise<boolean>;

let ask: Ask | null = null;
let asking: Promise<boolean> | null = null;

/** Sets who asks; the shell does, once. */
export const onFreshLogin = (next: Ask): void => void (ask = next);

/** Several calls at once are one question. */
export async function freshLogin(): Promise<boolean> {
  if (!ask) return false;
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

/** The refusal of what takes a fresh log-in. */
export const FRESH_LOGIN = 'fresh_login_required';

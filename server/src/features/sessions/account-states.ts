import type { Deps } from '../../deps.ts';
import type { Grant } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import type { Accounts, AccountState } from '../accounts/index.ts';
import type { Roles } from '../roles/index.ts';

/** What a session's account is now: whether it may go on, and with which rights. */
export interface Standing {
  kind: 'staff' | 'citizen';
  disabled: boolean;
  epoch: number;
  name: string;
  displayName: string;
  mustChangePassword: boolean;
  grants: readonly Grant[];
  permissions: ReadonlySet<Permission>;
}

/** A password of the mlps profile is changed after this long; see staff-login. */
export const MAX_PASSWORD_AGE_MS = 90 * 24 * 3_600_000;

/** How long a process believes what it read: the most that a disabled account, a log-out or a lost right may linger. */
const LIFE_MS = 500;
const MOST = 20_000;

/**
 * Standings straight from the database, each read at most twice a second per process. The truth is the account document, so
 * it holds on every process, and after Redis has lost everything.
 */
export function createAccountStates(
  deps: Pick<Deps, 'config' | 'clock'>,
  { accounts, roles }: { accounts: Pick<Accounts, 'state'>; roles: Roles },
) {
  const known = new Map<string, { until: number; standing: Promise<Standing | null> }>();

  const load = async (accountId: string): Promise<Standing | null> => {
    const state = await accounts.state(accountId);
    if (!state) return null;
    const grants: Grant[] = [];
    for (const { role, region, organisation, own } of state.grants) {
      const permissions = await roles.permissionsOf(role);
      if (permissions.length) grants.push({ role, permissions, region, organisation, own });
    }
    return {
      kind: state.kind,
      disabled: state.disabled,
      epoch: state.epoch,
      name: state.name,
      displayName: state.displayName,
      mustChangePassword: state.mustChangePassword || isTooOld(state),
      grants,
      permissions: new Set(grants.flatMap((grant) => grant.permissions)),
    };
  };

  const isTooOld = ({ kind, passwordChangedAt }: AccountState): boolean =>
    kind === 'staff' &&
    deps.config.passwordProfile === 'mlps' &&
    passwordChangedAt !== null &&
    deps.clock().getTime() - passwordChangedAt.getTime() > MAX_PASSWORD_AGE_MS;

  return {
    /** The account's standing, at most half a second old. Never joined to a transaction: authentication comes before it. */
    get(accountId: string): Promise<Standing | null> {
      const now = performance.now();
      const found = known.get(accountId);
      if (found && found.until > now) return found.standing;
      if (known.size >= MOST) known.clear();
      const standing = load(accountId);
      const entry = { until: now + LIFE_MS, standing };
      known.set(accountId, entry);
      // A failure is not remembered.
      standing.catch(() => {
        if (known.get(accountId) === entry) known.delete(accountId);
      });
      return standing;
    },
    /** What this process itself changed it sees at once. */
    forget: (accountId: string) => void known.delete(accountId),
  };
}

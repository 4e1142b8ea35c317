import type { Permission } from '../../shared/permissions.ts';

/** The two kinds of log-in; each has its own cookie and its own sessions. */
export type Realm = 'citizen' | 'staff';

/** What a role grants, and where. `null` = everywhere; `own` = only what the account created itself. */
export interface Grant {
  /** Key of the role; what it says of single fields is in the record settings. */
  role: string;
  permissions: readonly Permission[];
  region: string | null;
  organisation: string | null;
  own: boolean;
}

interface Session {
  accountId: string;
  sessionId: string;
  /** Has shown who it is within the last five minutes: by logging in, or by the password once more. */
  fresh?: boolean;
}

export type AnonymousCaller = { kind: 'anonymous' };
export type CitizenCaller = { kind: 'citizen' } & Session;
export type StaffCaller = {
  kind: 'staff';
  name: string;
  permissions: ReadonlySet<Permission>;
  grants: readonly Grant[];
  /** Still the first password: nothing but changing it is allowed. */
  mustChangePassword: boolean;
} & Session;

/** Who is calling; made by the sessions feature from the cookie. */
export type Caller = AnonymousCaller | CitizenCaller | StaffCaller;

export const ANONYMOUS: AnonymousCaller = { kind: 'anonymous' };

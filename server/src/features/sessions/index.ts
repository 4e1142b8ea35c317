import type Koa from 'koa';
import type { Deps } from '../../deps.ts';
import {
  createCookies,
  Problem,
  type Caller,
  type CitizenCaller,
  type Realm,
  type StaffCaller,
} from '../../http/index.ts';
import { randomId } from '../../infra/crypto/index.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Roles } from '../roles/index.ts';
import { createAccountStates, type Standing } from './account-states.ts';
import { FRESH_MS, LIVES } from './sessions.lives.ts';
import { createSessionStore, hashOf, type Session } from './sessions.store.ts';

export type Sessions = ReturnType<typeof createSessions>;

/** What we give out: 32 random bytes. Anything else is not worth a look into Redis. */
const ID = /^[A-Za-z0-9_-]{43}$/;

/**
 * What a page asks by itself, a stream or a look at progress, is no use: a screen that nobody sits at would stay logged in
 * until its twelfth hour. Who leaves the mark out where it belongs gains what any request gives.
 */
const isUnattended = (ctx: Koa.Context): boolean =>
  ctx.get('x-unattended') !== '' || ctx.get('accept').includes('text/event-stream');

/**
 * Log-ins of both kinds. The browser holds a random id, Redis the session under the id's hash, MongoDB the account with its
 * epoch. A session counts while it is young enough, used often enough, its account is not disabled and its epoch is still
 * the account's. `caller.sessionId` is the hash.
 */
export function createSessions(deps: Deps, others: { accounts: Accounts; roles: Roles }) {
  const { accounts } = others;
  const cookies = createCookies(deps.config.secureCookies);
  const store = createSessionStore(deps.redis);
  const states = createAccountStates(deps, others);
  const now = () => deps.clock().getTime();

  const isLive = (realm: Realm, session: Session, standing: Standing | null): standing is Standing => {
    const { idle, absolute } = LIVES[realm];
    const at = now();
    if (at - session.seenAt >= idle || at - session.createdAt >= absolute) return false;
    return standing !== null && standing.kind === realm && !standing.disabled && standing.epoch === session.epoch;
  };

  return {
    /**
     * The caller behind a request's cookie; null without one.
     * @throws Problem session_expired for a session that has ended (and takes the cookie away)
     */
    async authenticate(ctx: Koa.Context, realm: Realm): Promise<Caller | null> {
      const id = cookies.read(ctx, realm);
      if (id === undefined) return null;
      const hash = hashOf(id);
      const session = ID.test(id) ? await store.get(realm, hash) : null;
      const standing = session && (await states.get(session.accountId));
      if (!session || !isLive(realm, session, standing)) {
        // The rest of it is left to its TTL: after a change of password its epoch may be about to be raised by another request.
        if (session) {
          deps.log.info('session.ended', { audience: realm, accountId: session.accountId });
        }
        cookies.clear(ctx, realm);
        throw new Problem('session_expired');
      }
      if (now() - session.seenAt >= LIVES[realm].touch && !isUnattended(ctx)) await store.touch(realm, hash, now());
      return { ...callerOf(realm, session.accountId, hash, standing), fresh: now() - session.freshAt < FRESH_MS };
    },

    /** This session's account has shown once more who it is. */
    confirm: (realm: Realm, sessionId: string) => store.setFresh(realm, sessionId, now()),

    /** A staff account as the caller of work that it left to be done (an import); null when it may do nothing any more. */
    async staffCaller(accountId: string): Promise<StaffCaller | null> {
      const standing = await states.get(accountId);
      if (!standing || standing.kind !== 'staff' || standing.disabled) return null;
      const { name, permissions, grants, mustChangePassword } = standing;
      return { kind: 'staff', accountId, sessionId: '', name, permissions, grants, mustChangePassword };
    },

    /** Begins a session under a new id, whatever id came with the request, and sends it as a cookie. */
    async start(ctx: Koa.Context, realm: Realm, accountId: string): Promise<CitizenCaller | StaffCaller> {
      const before = cookies.read(ctx, realm);
      states.forget(accountId);
      const standing = await states.get(accountId);
      if (!standing || standing.kind !== realm || standing.disabled) throw new Problem('account_disabled');
      const id = randomId(32);
      const hash = hashOf(id);
      await store.put(realm, hash, {
        accountId,
        epoch: standing.epoch,
        createdAt: now(),
        seenAt: now(),
        freshAt: now(),
      });
      if (before !== undefined) await store.remove(realm, hashOf(before));
      cookies.write(ctx, realm, id);
      return callerOf(realm, accountId, hash, standing);
    },

    /** Ends the session of this request. */
    async end(ctx: Koa.Context, realm: Realm): Promise<void> {
      const id = cookies.read(ctx, realm);
      if (id !== undefined) await store.remove(realm, hashOf(id));
      cookies.clear(ctx, realm);
    },

    /** Ends all sessions of an account on every process within a second; `except` (a caller's `sessionId`) lives on. */
    async endAll(realm: Realm, accountId: string, except?: string): Promise<void> {
      const epoch = await accounts.bumpEpoch(accountId);
      states.forget(accountId);
      if (except !== undefined) await store.setEpoch(realm, except, epoch);
    },

    /** After the epoch was raised by another change (a new password): this one session lives on. */
    async keep(realm: Realm, accountId: string, sessionId: string, epoch: number): Promise<void> {
      states.forget(accountId);
      await store.setEpoch(realm, sessionId, epoch);
    },
  };
}

function callerOf(realm: Realm, accountId: string, sessionId: string, standing: Standing): CitizenCaller | StaffCaller {
  if (realm === 'citizen') return { kind: 'citizen', accountId, sessionId };
  const { name, permissions, grants, mustChangePassword } = standing;
  return { kind: 'staff', accountId, sessionId, name, permissions, grants, mustChangePassword };
}

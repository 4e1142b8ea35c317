import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Realm } from '../../http/index.ts';
import { LIVES } from './sessions.lives.ts';

export interface Session {
  accountId: string;
  epoch: number;
  /** ms by the process's clock. */
  createdAt: number;
  seenAt: number;
  /** When its account last showed who it is. */
  freshAt: number;
}

/** Writes fields only into a session that is still there: nothing comes back to life. KEYS session; ARGV field, value, ttl ms. */
const SET_IF_THERE = `
if redis.call('exists', KEYS[1]) == 0 then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[2])
redis.call('pexpire', KEYS[1], ARGV[3])
return 1`;

/** What an id is stored under: whoever reads Redis can't log in with what he finds. It also names the session inside the server. */
export const hashOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

/** Sessions in Redis. Times are judged by the caller's clock; the TTL only cleans up. */
export function createSessionStore(redis: Redis) {
  const key = (realm: Realm, hash: string) => `session:${realm}:${hash}`;
  const set = (realm: Realm, hash: string, field: string, value: number) =>
    redis.eval(SET_IF_THERE, 1, key(realm, hash), field, value, LIVES[realm].idle);
  const reading = new Map<string, Promise<Session | null>>();
  const load = async (name: string): Promise<Session | null> => {
    const [accountId, epoch, createdAt, seenAt, freshAt] = await redis.hmget(
      name,
      'accountId',
      'epoch',
      'createdAt',
      'seenAt',
      'freshAt',
    );
    if (!accountId) return null;
    return {
      accountId,
      epoch: Number(epoch),
      createdAt: Number(createdAt),
      seenAt: Number(seenAt),
      freshAt: Number(freshAt),
    };
  };
  return {
    async put(realm: Realm, hash: string, { accountId, epoch, createdAt, seenAt, freshAt }: Session): Promise<void> {
      const name = key(realm, hash);
      const results = await redis
        .multi()
        .hset(name, { accountId, epoch, createdAt, seenAt, freshAt })
        .pexpire(name, LIVES[realm].idle)
        .exec();
      const failed = results?.find(([error]) => error);
      if (failed?.[0]) throw failed[0];
    },
    /** A page asks for several things at once: requests that come while a session is being read share that read. */
    get(realm: Realm, hash: string): Promise<Session | null> {
      const name = key(realm, hash);
      const shared = reading.get(name);
      if (shared) return shared;
      const read = load(name).finally(() => reading.delete(name));
      reading.set(name, read);
      return read;
    },
    touch: (realm: Realm, hash: string, seenAt: number) => set(realm, hash, 'seenAt', seenAt),
    setFresh: (realm: Realm, hash: string, freshAt: number) => set(realm, hash, 'freshAt', freshAt),
    setEpoch: (realm: Realm, hash: string, epoch: number) => set(realm, hash, 'epoch', epoch),
    remove: (realm: Realm, hash: string) => redis.del(key(realm, hash)),
  };
}

import { createHash } from 'node:crypto';
import type { Deps } from '../../deps.ts';
import { randomId } from '../../infra/crypto/index.ts';

export const TICKET_SECONDS = 120;

interface Ticket {
  accountId: string;
  /** The page that it was asked for, in the spelling that counts. */
  path: string;
  nonceHash: string;
  /** ms by the process's clock: it decides; the TTL cleans up. */
  expiresAt: number;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
const keyOf = (ticket: string) => `login-ticket:${hashOf(ticket)}`;

/**
 * Tickets that carry a log-in from the mini-program to a page: 32 random bytes, two minutes, for one page and one nonce. Redis
 * holds them under their hash, so whoever reads Redis can't use one. Any try, right or wrong, uses a ticket up.
 */
export function createTickets({ redis, clock }: Pick<Deps, 'redis' | 'clock'>) {
  return {
    async issue(accountId: string, path: string, nonce: string): Promise<{ ticket: string; expiresAt: Date }> {
      const ticket = randomId(32);
      const expiresAt = clock().getTime() + TICKET_SECONDS * 1000;
      const row: Ticket = { accountId, path, nonceHash: hashOf(nonce), expiresAt };
      await redis.set(keyOf(ticket), JSON.stringify(row), 'EX', TICKET_SECONDS + 60);
      return { ticket, expiresAt: new Date(expiresAt) };
    },

    /** The account that the ticket is for; null when anything is wrong with it. Of many tries at once one gets to see it. */
    async redeem(ticket: string, path: string, nonce: string): Promise<string | null> {
      const found = await redis.getdel(keyOf(ticket));
      if (found === null) return null;
      const row = JSON.parse(found) as Ticket;
      const fits = row.path === path && row.nonceHash === hashOf(nonce) && clock().getTime() < row.expiresAt;
      return fits ? row.accountId : null;
    },
  };
}

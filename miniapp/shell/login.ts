import type { Api, ApiFault } from './api';
import { ask, type Platform } from './platform';

/**
 * `ticket` is missing when nobody could be logged in: the page then offers its own log-in. `too_often`: the page asks again and
 * again. `closed`: the site is being worked on.
 */
export type Entered =
  | { ok: true; ticket?: string; nonce: string }
  | { ok: false; fault: 'offline' | 'outdated' | 'too_often' | 'closed' };

export interface Login {
  /**
   * A new ticket for a page's path.
   * @param again the page has asked for it itself; that is answered three times a minute, or a fault would go round for ever
   */
  enter(page: string, again: boolean): Promise<Entered>;
  /** 128 random bits in hex. */
  nonce(): Promise<string>;
}

const AGAIN = 3;
const AGAIN_WITHIN_MS = 60_000;

/** wx.login → our server → a ticket that is good once, for two minutes, for this path and this nonce. Nothing of it is stored. */
export function createLogin(wx: Platform, api: Api, clock: () => number): Login {
  let asked: number[] = [];

  const tryOnce = async (page: string, nonce: string): Promise<{ ticket: string } | ApiFault | 'closed'> => {
    const { code } = await ask<{ code: string }>((callbacks) => wx.login(callbacks));
    const answer = await api.post('/api/citizen/wechat/login', { code, path: page, nonce });
    if (!answer.ok) return answer.fault;
    const { ticket, maintenance } = answer.body as { ticket?: unknown; maintenance?: unknown };
    if (maintenance) return 'closed';
    return typeof ticket === 'string' && /^[\w-]{16,200}$/.test(ticket) ? { ticket } : 'refused';
  };

  return {
    async enter(page, again) {
      if (again) {
        const now = clock();
        asked = asked.filter((at) => now - at < AGAIN_WITHIN_MS && at <= now);
        if (asked.length >= AGAIN) return { ok: false, fault: 'too_often' };
        asked.push(now);
      }
      const nonce = await this.nonce();
      try {
        // A code lives five minutes and is good once: a refused one is made anew, once.
        let said = await tryOnce(page, nonce);
        if (said === 'refused') said = await tryOnce(page, nonce);
        if (typeof said !== 'string') return { ok: true, ticket: said.ticket, nonce };
        if (said === 'offline' || said === 'outdated' || said === 'closed') return { ok: false, fault: said };
      } catch {
        // WeChat itself could not log in.
      }
      // WeChat out of order is no reason for a closed door: the page has a log-in by SMS.
      return { ok: true, nonce };
    },
    async nonce() {
      const { randomValues } = await ask<{ randomValues: ArrayBuffer }>((callbacks) =>
        wx.getRandomValues({ length: 16, ...callbacks }),
      );
      return Array.from(new Uint8Array(randomValues), (byte) => (byte + 256).toString(16).slice(1)).join('');
    },
  };
}

import type Koa from 'koa';
import type { Realm } from './caller.ts';

/** Session cookies; `secure` (https) gives them the __Host- prefix, which ties them to this host and path. */
export interface Cookies {
  read(ctx: Koa.Context, realm: Realm): string | undefined;
  write(ctx: Koa.Context, realm: Realm, sessionId: string): void;
  clear(ctx: Koa.Context, realm: Realm): void;
}

export function createCookies(secure: boolean): Cookies {
  const nameOf = (realm: Realm) => (secure ? `__Host-${realm}` : realm);
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    read(ctx, realm) {
      const name = `${nameOf(realm)}=`;
      const header = ctx.req.headers.cookie;
      if (!header) return undefined;
      for (const part of header.split(';')) {
        const pair = part.trim();
        if (pair.startsWith(name)) return pair.slice(name.length);
      }
      return undefined;
    },
    write: (ctx, realm, sessionId) => ctx.append('Set-Cookie', `${nameOf(realm)}=${sessionId}; ${attributes}`),
    clear: (ctx, realm) => ctx.append('Set-Cookie', `${nameOf(realm)}=; ${attributes}; Max-Age=0`),
  };
}

import { createHash } from 'node:crypto';
import type Koa from 'koa';

/** JSON for everybody that is asked for again and again: who has it already (`If-None-Match`) gets 304 and no body. */
export class Tagged {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  send(ctx: Koa.Context): void {
    const json = JSON.stringify(this.value);
    const etag = `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`;
    ctx.set('ETag', etag);
    // May be kept, but is asked about before each use.
    ctx.set('Cache-Control', 'no-cache');
    if (matches(ctx.get('if-none-match'), etag)) {
      ctx.status = 304;
      ctx.body = null;
      return;
    }
    ctx.type = 'application/json';
    ctx.body = json;
  }
}

/** Weak comparison: nginx marks a tag as weak when it compresses the answer. */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}

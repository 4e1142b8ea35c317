import type { Readable } from 'node:stream';
import type Koa from 'koa';
import { DEADLINES } from './deadline.ts';

/** A client that takes nothing for this long has gone, ms. */
const IDLE_MS = 30_000;

/** A file as an answer: always an attachment, never rendered by the browser. */
export class Download {
  readonly stream: Readable;
  readonly filename: string;
  readonly contentType: string;

  constructor(stream: Readable, options: { filename: string; contentType: string }) {
    this.stream = stream;
    this.filename = options.filename;
    this.contentType = options.contentType;
  }

  send(ctx: Koa.Context): void {
    const safe = this.filename.replace(/[^\p{L}\p{N}._ -]/gu, '_').slice(0, 120);
    const ascii = safe.replace(/[^\x20-\x7e]/g, '_');
    ctx.set('Content-Disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(safe)}`);
    ctx.type = this.contentType;
    // A file that breaks off must look broken to the client, not complete.
    this.stream.once('error', () => ctx.res.destroy());
    const longest = setTimeout(() => ctx.res.destroy(), DEADLINES.transfer);
    ctx.res.setTimeout(IDLE_MS, () => ctx.res.destroy());
    ctx.res.once('close', () => {
      clearTimeout(longest);
      this.stream.destroy();
    });
    ctx.body = this.stream;
  }
}

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

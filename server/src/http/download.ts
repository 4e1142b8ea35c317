import type { Readable } from 'node:stream';
import type Koa from 'koa';
import { DEADLINES } from './deadline.ts';
import { readRange, type ByteRange } from './range.ts';

/** A client that takes nothing for this long has gone, ms. */
const IDLE_MS = 30_000;

export interface DownloadOptions {
  filename: string;
  contentType: string;
  /** More headers; a `Content-Range` makes it a 206. */
  headers?: Record<string, string>;
}

/** A file that is stored: its parts can be asked for, and it stays what it is under its tag. */
export interface StoredContent {
  filename: string;
  contentType: string;
  bytes: number;
  /** Names the content and none other, e.g. its hash. */
  tag: string;
  open(range: ByteRange): Promise<Readable>;
}

/** A file as an answer: always an attachment, never rendered by the browser. */
export class Download {
  readonly stream: Readable;
  readonly filename: string;
  readonly contentType: string;
  readonly headers: Record<string, string>;

  constructor(stream: Readable, options: DownloadOptions) {
    this.stream = stream;
    this.filename = options.filename;
    this.contentType = options.contentType;
    this.headers = options.headers ?? {};
  }

  /**
   * A stored file, or the part of it that the request asks for: a download that broke off goes on where it did.
   * @throws Problem range_not_satisfiable, or what `open` throws
   */
  static async ofStored(ctx: Koa.Context, { bytes, tag, open, ...options }: StoredContent): Promise<Download> {
    const etag = `"${tag}"`;
    const part = readRange(ctx, { bytes, etag });
    const { start, end } = part ?? { start: 0, end: bytes };
    const headers: Record<string, string> = {
      'Accept-Ranges': 'bytes',
      ETag: etag,
      'Content-Length': String(end - start),
    };
    if (part) headers['Content-Range'] = `bytes ${start}-${end - 1}/${bytes}`;
    return new Download(await open({ start, end }), { ...options, headers });
  }

  send(ctx: Koa.Context): void {
    const safe = this.filename.replace(/[^\p{L}\p{N}._ -]/gu, '_').slice(0, 120);
    const ascii = safe.replace(/[^\x20-\x7e]/g, '_');
    ctx.set('Content-Disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(safe)}`);
    ctx.type = this.contentType;
    // nginx would otherwise read ahead of a slow client; what is counted as in flight here is then not yet with the client.
    ctx.set('X-Accel-Buffering', 'no');
    // A file that breaks off must look broken to the client, not complete.
    if (this.stream.destroyed) ctx.res.destroy();
    this.stream.once('error', () => ctx.res.destroy());
    const longest = setTimeout(() => ctx.res.destroy(), DEADLINES.transfer);
    ctx.res.setTimeout(IDLE_MS, () => ctx.res.destroy());
    ctx.res.once('close', () => {
      clearTimeout(longest);
      this.stream.destroy();
    });
    ctx.body = this.stream;
    // After the body: koa takes the length away when it is given a stream.
    ctx.set(this.headers);
    if (this.headers['Content-Range']) ctx.status = 206;
  }
}

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const ZIP = 'application/zip';

import type Koa from 'koa';
import { Problem } from './problem.ts';

/** Bytes of a file; `end` is the first that doesn't belong to it. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The part of a file that a request asks for (RFC 9110 §14); null for all of it: without `Range`, with one that we don't
 * understand, with several parts, or when `If-Range` names another content than ours.
 * @param etag strong, with its quotes
 * @throws Problem range_not_satisfiable, with the size in Content-Range
 */
export function readRange(ctx: Koa.Context, { bytes, etag }: { bytes: number; etag: string }): ByteRange | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(ctx.get('range').trim());
  const condition = ctx.get('if-range').trim();
  if (!found || (condition && condition !== etag)) return null;
  const [, first = '', last = ''] = found;
  if (!first && !last) return null;
  if (first && last && Number(last) < Number(first)) return null;
  const start = first ? Number(first) : Math.max(0, bytes - Number(last));
  const end = first && last ? Math.min(bytes, Number(last) + 1) : bytes;
  if (start >= end) {
    ctx.set('Content-Range', `bytes */${bytes}`);
    throw new Problem('range_not_satisfiable');
  }
  return { start, end };
}

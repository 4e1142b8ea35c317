import type Koa from 'koa';
import { describe, expect, it } from 'vitest';
import { readRange } from './range.ts';

/** What a request with these headers gets of a file of 1,000 bytes. */
function read(headers: Record<string, string>, bytes = 1_000) {
  const sent: Record<string, string> = {};
  const ctx = {
    get: (name: string) => headers[name] ?? '',
    set: (name: string, value: string) => void (sent[name] = value),
  } as unknown as Koa.Context;
  try {
    return readRange(ctx, { bytes, etag: '"abc"' });
  } catch (err) {
    return { code: (err as { code: string }).code, ...sent };
  }
}
const unsatisfiable = (bytes = 1_000) => ({ code: 'range_not_satisfiable', 'Content-Range': `bytes */${bytes}` });

describe('ranges of a download', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=0-', { start: 0, end: 1_000 }],
    ['bytes=999-', { start: 999, end: 1_000 }],
    ['bytes=10-19', { start: 10, end: 20 }],
    ['bytes=990-5000', { start: 990, end: 1_000 }],
    ['bytes=-1', { start: 999, end: 1_000 }],
    ['bytes=-5000', { start: 0, end: 1_000 }],
    ['bytes=1000-', unsatisfiable()],
    ['bytes=5000-6000', unsatisfiable()],
    ['bytes=-0', unsatisfiable()],
    // Several parts, other units and what is no range: the whole file.
    ['bytes=0-1,5-6', null],
    ['items=0-1', null],
    ['bytes=5-4', null],
    ['bytes=-', null],
    ['bytes=a-b', null],
    ['bytes=1-2-3', null],
    ['bytes=99999999999999999999-', null],
    ['', null],
  ])('%s', (range, expected) => {
    expect(read({ range })).toEqual(expected);
  });

  it('goes on only with the same content', () => {
    const range = 'bytes=10-19';
    expect(read({ range, 'if-range': '"abc"' })).toEqual({ start: 10, end: 20 });
    for (const other of ['"abd"', 'W/"abc"', 'Sat, 21 Nov 2026 02:00:00 GMT'])
      expect(read({ range, 'if-range': other })).toBeNull();
  });

  it('has no part of an empty file', () => {
    expect(read({ range: 'bytes=0-' }, 0)).toEqual(unsatisfiable(0));
    expect(read({}, 0)).toBeNull();
  });
});

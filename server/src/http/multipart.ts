import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type Koa from 'koa';
import { Problem } from './problem.ts';

/** An uploaded form with one file, which was taken as it came. */
export interface Upload<T> {
  fields: Record<string, string>;
  /** As the person named it; without control characters and slashes. */
  filename: string;
  /** What `take` made of the file. */
  file: T;
}

export interface MultipartOptions<T> {
  /** Of the file. */
  maxBytes: number;
  signal: AbortSignal;
  /** Takes the file while it comes; must read it to its end, or throw. Nothing of the form may be judged before. */
  take: (file: Readable, filename: string) => Promise<T>;
  /** Takes back what `take` made, when the rest of the form turns out to be wrong. */
  discard: (made: T) => Promise<void>;
}

const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);
/** What stands around the file in the body, at most. */
const AROUND = 64 * 1024;

/**
 * Reads a multipart body with exactly one file, which is never held as a whole: `take` gets it as a stream. More than
 * `maxBytes` is payload_too_large, no file file_missing, more than one file or a field given twice bad_request. A refused
 * body is read on to its end (within the request's deadline), so that its sender sees the answer.
 * @throws Problem, or what `take` throws
 */
export async function readMultipart<T>(
  ctx: Koa.Context,
  { maxBytes, signal, take, discard }: MultipartOptions<T>,
): Promise<Upload<T>> {
  if (!ctx.is('multipart/form-data'))
    throw new Problem('unsupported_media_type', { params: { expected: 'multipart/form-data' } });
  const tooLarge = () => new Problem('payload_too_large', { params: { max: maxBytes } });
  if (Number(ctx.get('content-length') || 0) > maxBytes + AROUND) throw tooLarge();

  const fields: Record<string, string> = Object.create(null);
  const state: { filename?: string; taking?: Promise<T>; fault?: Error } = {};
  const fail = (fault: Error) => void (state.fault ??= fault);
  const badField = (name: string, code: string) => new Problem('bad_request', { issues: [{ path: name, code }] });

  const parser = openParser(ctx);
  parser.on('field', (name: string, value: string, info: { valueTruncated: boolean }) => {
    if (name in fields) fail(badField(`body.${name}`, 'duplicate_parameter'));
    else if (UNSAFE.has(name) || info.valueTruncated) fail(badField(`body.${name}`, 'bad_value'));
    else fields[name] = value;
  });
  for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const)
    parser.on(event, () => fail(badField('body', 'too_many_items')));
  parser.on('file', (_name: string, file: Readable, info: { filename?: string }) => {
    state.filename = (info.filename ?? '').replace(/[\u0000-\u001f\u007f/\\]/g, '_').slice(-150) || 'file';
    const counted = countBytes(maxBytes, tooLarge);
    counted.on('error', () => undefined);
    // A form that broke off: whoever reads the file must hear of it.
    file.on('error', (error) => counted.destroy(error));
    file.on('close', () => {
      if (!file.readableEnded) counted.destroy(new Problem('bad_request'));
    });
    file.pipe(counted);
    // A refused file: the rest of the form must not wait for it. (After `pipe`, whose own listener pauses the file.)
    counted.on('close', () => file.resume());
    state.taking = take(counted, state.filename);
    state.taking.catch((error: Error) => {
      fail(error);
      counted.destroy();
    });
  });

  try {
    await pipeline(ctx.req, parser, { signal });
    const file = await state.taking;
    if (state.fault) throw state.fault;
    if (state.filename === undefined) throw new Problem('file_missing');
    return { fields, filename: state.filename, file: file as T };
  } catch (error) {
    const made = await state.taking?.then(
      (file) => ({ file }),
      () => null,
    );
    if (made) await discard(made.file);
    throw state.fault ?? (error instanceof Problem ? error : new Problem('bad_request'));
  }
}

function openParser(ctx: Koa.Context): busboy.Busboy {
  try {
    return busboy({
      headers: ctx.req.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 20, fieldSize: 2_000, fieldNameSize: 100, parts: 22, headerPairs: 20 },
    });
  } catch {
    // No boundary.
    throw new Problem('bad_request');
  }
}

function countBytes(max: number, tooLarge: () => Problem): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > max) done(tooLarge());
      else done(null, chunk);
    },
  });
}

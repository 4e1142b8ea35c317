import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type Koa from 'koa';
import { Problem } from './problem.ts';

/** An uploaded form with one file, which lies in a temporary folder until `discard`. */
export interface Upload {
  fields: Record<string, string>;
  path: string;
  filename: string;
  bytes: number;
  sha256: string;
  discard(): Promise<void>;
}

const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a multipart body with exactly one file, counting while it streams. More than `maxBytes` is payload_too_large, no
 * file file_missing, more than one file or a field given twice bad_request. Nothing is left behind when it throws.
 */
export async function readMultipart(
  ctx: Koa.Context,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<Upload> {
  if (!ctx.is('multipart/form-data'))
    throw new Problem('unsupported_media_type', { params: { expected: 'multipart/form-data' } });
  const tooLarge = () => new Problem('payload_too_large', { params: { max: maxBytes } });
  if (Number(ctx.get('content-length') || 0) > maxBytes + 64 * 1024) throw tooLarge();

  const folder = await mkdtemp(join(tmpdir(), 'dengji-upload-'));
  const discard = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'file');
  const fields: Record<string, string> = Object.create(null);
  const state: { filename?: string; bytes: number; sha256: string; writing: Promise<void>; fault?: Problem } = {
    bytes: 0,
    sha256: '',
    writing: Promise.resolve(),
  };
  const fail = (problem: Problem) => void (state.fault ??= problem);

  try {
    const parser = busboy({
      headers: ctx.req.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 20, fieldSize: 2_000, fieldNameSize: 100, parts: 22, headerPairs: 20 },
    });
    parser.on('field', (name: string, value: string, info: { valueTruncated: boolean }) => {
      if (UNSAFE.has(name) || name in fields || info.valueTruncated)
        fail(
          new Problem('bad_request', {
            issues: [{ path: `body.${name}`, code: name in fields ? 'duplicate_parameter' : 'bad_value' }],
          }),
        );
      else fields[name] = value;
    });
    for (const event of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const)
      parser.on(event, () => fail(new Problem('bad_request', { issues: [{ path: 'body', code: 'too_many_items' }] })));
    parser.on('file', (_name: string, file: Readable, info: { filename?: string }) => {
      state.filename = (info.filename ?? '').replace(/[\u0000-\u001f\u007f/\\]/g, '_').slice(-150) || 'file';
      const hash = createHash('sha256');
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          state.bytes += chunk.length;
          if (state.bytes > maxBytes) return done(tooLarge());
          hash.update(chunk);
          done(null, chunk);
        },
      });
      state.writing = pipeline(file, count, createWriteStream(path)).then(
        () => void (state.sha256 = hash.digest('hex')),
      );
      // Handled below; without this a fault while the body still streams would be "unhandled".
      state.writing.catch((err: unknown) => {
        file.resume();
        fail(err instanceof Problem ? err : new Problem('bad_request'));
      });
    });
    await pipeline(ctx.req, parser, { signal });
    await state.writing;
    if (state.fault) throw state.fault;
    if (!state.filename) throw new Problem('file_missing');
    return { fields, path, filename: state.filename, bytes: state.bytes, sha256: state.sha256, discard };
  } catch (err) {
    await state.writing.catch(() => undefined);
    await discard();
    if (state.fault) throw state.fault;
    throw err instanceof Problem ? err : new Problem('bad_request');
  }
}

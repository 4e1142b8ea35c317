import { PassThrough } from 'node:stream';
import type { Locale } from '../../../shared/fields/index.ts';
import { XLSX, ZIP } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { Storage, StoredFile } from '../../infra/storage/index.ts';
import { sealZip } from '../../infra/zip/index.ts';
import { writeWorkbook, type Writing } from './write.ts';

/** A file of a million rows has about 150 MB. */
const MOST_BYTES = 4 * 1024 ** 3;

export interface MakeOptions extends Omit<Writing, 'locale'> {
  locale: Locale;
  /** Where in storage. */
  id: string;
  title: string;
  /** Named in the file's name, and the time inside of a zip. */
  at: Date;
  /** Makes it an encrypted zip. */
  password: string | null;
}

export interface MadeFile extends StoredFile {
  name: string;
  rows: number;
}

/**
 * Streams a workbook into storage: cursor → writer → zip → frames → database, each waiting for the next. It is there as a
 * whole, or nothing of it is.
 * @throws what the writing or the storage met first, or the signal's reason
 */
export async function makeFile(storage: Storage, options: MakeOptions): Promise<MadeFile> {
  const { id, title, at, password, signal } = options;
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const workbook = `${title}-${shanghaiDay(at)}.xlsx`;
  const name = password === null ? workbook : workbook.replace(/xlsx$/, 'zip');
  const out = new PassThrough();
  const content = password === null ? out : sealZip(out, { name: workbook, password, at, signal: stop });
  // Whichever side fails first ends the other one.
  const either = <T>(side: Promise<T>): Promise<T> =>
    side.catch((err: unknown) => {
      failed.abort(err);
      out.destroy(err as Error);
      throw failed.signal.reason;
    });
  const stored = either(
    storage.put(content, {
      id,
      name,
      contentType: password === null ? XLSX : ZIP,
      maxBytes: MOST_BYTES,
      purpose: 'export',
      signal: stop,
    }),
  );
  const written = either(writeWorkbook(out, { ...options, signal: stop }));
  const [file, rows] = await Promise.allSettled([stored, written]);
  signal.throwIfAborted();
  if (rows.status === 'rejected') throw rows.reason;
  if (file.status === 'rejected') throw file.reason;
  return { ...file.value, name, rows: rows.value };
}

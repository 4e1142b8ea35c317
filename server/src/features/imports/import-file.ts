import { join } from 'node:path';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { StorageMissingError } from '../../infra/storage/index.ts';
import { tempFolder } from '../../infra/temp/index.ts';
import { openInWorker, openTable, type TableReader } from '../../infra/workbook/index.ts';
import type { ImportDoc } from './imports.model.ts';

/** A smaller file is read before a thread for it has started; what it may unpack to is bounded. */
const SMALL_BYTES = 256 * 1024;

/** Gives an import's file to `work`; a large one is read in a thread of its own. Nothing of it stays on this host, whatever happens. */
export async function withTable<T>(
  { storage }: Pick<Deps, 'storage'>,
  { fileId, bytes }: Pick<ImportDoc, 'fileId' | 'bytes'>,
  work: (reader: TableReader) => Promise<T>,
): Promise<T> {
  if (fileId === null) throw new Problem('gone');
  const folder = await tempFolder('import');
  try {
    const path = join(folder.path, 'file');
    await storage.toFile(fileId, path).catch((error: unknown) => {
      throw error instanceof StorageMissingError ? new Problem('gone') : error;
    });
    const reader = await (bytes <= SMALL_BYTES ? openTable(path) : openInWorker(path));
    try {
      return await work(reader);
    } finally {
      await reader.close();
    }
  } finally {
    await folder.remove();
  }
}

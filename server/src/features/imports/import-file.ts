import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { StorageMissingError } from '../../infra/storage/index.ts';
import { openInWorker, type TableReader } from '../../infra/workbook/index.ts';

/** Gives an import's file to `work`, read in a thread of its own. Nothing of it stays on this host, whatever happens. */
export async function withTable<T>(
  { storage }: Pick<Deps, 'storage'>,
  fileId: string | null,
  work: (reader: TableReader) => Promise<T>,
): Promise<T> {
  if (fileId === null) throw new Problem('gone');
  const folder = await mkdtemp(join(tmpdir(), 'dengji-import-'));
  try {
    const path = join(folder, 'file');
    await storage.toFile(fileId, path).catch((error: unknown) => {
      throw error instanceof StorageMissingError ? new Problem('gone') : error;
    });
    const reader = await openInWorker(path);
    try {
      return await work(reader);
    } finally {
      await reader.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

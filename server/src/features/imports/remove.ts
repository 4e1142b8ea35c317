import type { Deps } from '../../deps.ts';
import { importSheetModel, removeOf } from './import-rows.model.ts';
import { importModel, type ImportDoc } from './imports.model.ts';

export type RemoveFiles = (doc: Pick<ImportDoc, '_id' | 'fileId'>) => Promise<void>;

/**
 * Removes the file of an import that has ended, and what was kept of its sheets. Cut in the middle, the daily job does the
 * rest: the document names its file until it is gone.
 */
export function createRemoveFiles({ mongo, storage }: Deps): RemoveFiles {
  return async ({ _id, fileId }) => {
    if (fileId !== null) await storage.remove(fileId);
    await removeOf(importSheetModel(mongo), _id);
    await importModel(mongo).updateOne({ _id }, { $set: { fileId: null } });
  };
}

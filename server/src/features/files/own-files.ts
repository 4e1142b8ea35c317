import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import type { StoredContent } from '../../http/download.ts';
import { StorageMissingError } from '../../infra/storage/index.ts';
import { fileModel, valueOf, type FileDoc } from './files.model.ts';

/** Files for whoever may read them. */
export function createOwnFiles({
  mongo,
  storage,
  cipher,
  clock,
}: Pick<Deps, 'mongo' | 'storage' | 'cipher' | 'clock'>) {
  const files = fileModel(mongo);

  async function contentBy(filter: object): Promise<StoredContent & { field: string }> {
    const doc = await files.findOne({ ...filter, ready: true }).lean<FileDoc>();
    if (!doc) throw new Problem('not_found');
    const { id, name, type, bytes } = valueOf(cipher, doc);
    const gone = (error: unknown) => {
      throw error instanceof StorageMissingError ? new Problem('gone') : error;
    };
    return {
      field: doc.field,
      filename: name,
      contentType: type,
      bytes,
      tag: doc.sha256,
      open: (range) => storage.open(id, range).catch(gone),
    };
  }

  return {
    /** @throws not_found, also for those of others */
    open: (accountId: string, id: string) => contentBy({ _id: id, owner: accountId }),

    /** A file of a submission; whether the caller may see it is the submission's to say. @throws not_found */
    openOf: (submissionId: unknown, id: string) => contentBy({ _id: id, submissionId }),

    /** Gives up a file that no submission has taken. */
    async remove(accountId: string, id: string): Promise<void> {
      await files.updateOne(
        { _id: id, owner: accountId, submissionId: null },
        { $set: { keepUntil: clock(), ready: false, bytes: 0 }, $unset: { digest: 1 } },
      );
    },
  };
}

export type OwnFiles = ReturnType<typeof createOwnFiles>;

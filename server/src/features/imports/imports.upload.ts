import { Readable } from 'node:stream';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { newWork, wakeWorkers } from '../../infra/jobs/index.ts';
import { isDuplicateKey, transact } from '../../infra/mongo/index.ts';
import type { StoredFile } from '../../infra/storage/index.ts';
import { sniffed, WorkbookError } from '../../infra/workbook/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import { stampScope, type Places } from '../scope/index.ts';
import type { DuplicateRule } from '../submissions/index.ts';
import { importUploadModel } from './import-rows.model.ts';
import { importModel, NO_COUNTS, sealContext, type ImportDoc } from './imports.model.ts';
import type { ImportRead } from './imports.read.ts';
import { IMPORT_WORK } from './imports.worker.ts';

export type ImportUpload = ReturnType<typeof createImportUpload>;

/** What belongs to an upload besides the file. */
export interface UploadFields {
  form: string;
  version?: number | undefined;
  duplicates: DuplicateRule;
  review: boolean;
}

/** Takes a file as an import that waits for a worker. */
export function createImportUpload(
  deps: Deps,
  { audit, forms, places, read }: { audit: Audit; forms: Forms; places: Places; read: ImportRead },
) {
  const { mongo, storage, cipher, clock, config } = deps;
  const imports = importModel(mongo);
  const uploads = importUploadModel(mongo);
  const { ObjectId } = mongo.base.Types;
  const known = (caller: StaffCaller, requestKey: string) =>
    imports.findOne({ requestKey, createdBy: caller.accountId }).lean<ImportDoc>();

  async function discard({ id }: StoredFile): Promise<void> {
    await storage.remove(id);
    await uploads.deleteOne({ _id: id });
  }

  return {
    maxBytes: config.importMaxBytes,

    /**
     * Stores a file while it comes, judged by its first bytes and its end; what is refused leaves nothing.
     * @throws Problem `file_*` for what is certainly no table
     */
    async store(file: Readable, name: string, signal: AbortSignal): Promise<StoredFile> {
      const id = storage.newId();
      await uploads.create([{ _id: id, at: clock() }]);
      try {
        return await storage.put(Readable.from(sniffed(file), { objectMode: false }), {
          id,
          name,
          contentType: 'application/octet-stream',
          maxBytes: config.importMaxBytes,
          purpose: 'import',
          signal,
        });
      } catch (error) {
        await uploads.deleteOne({ _id: id });
        throw error instanceof WorkbookError ? new Problem(error.code, { params: error.params }) : error;
      }
    },

    discard,

    /**
     * Makes a stored file an import. The same key again answers the same import, and the file is not kept.
     * @throws Problem not_found for an unknown form or version
     */
    async accept(
      { caller, ip, requestKey }: { caller: StaffCaller; ip: string; requestKey: string },
      { file, filename, fields }: { file: StoredFile; filename: string; fields: UploadFields },
    ): Promise<ImportDoc> {
      const before = await known(caller, requestKey);
      if (before) {
        await discard(file);
        return before;
      }
      const form = fields.version
        ? await forms.version(fields.form, fields.version)
        : await forms.published(fields.form);
      if (!form) throw new Problem('not_found');
      const _id = new ObjectId();
      const same = { sha256: file.sha256, formKey: form.key, version: form.version };
      const doc: ImportDoc = {
        _id,
        ...same,
        duplicates: fields.duplicates,
        review: fields.review,
        fileId: file.id,
        filename: cipher.seal(filename, sealContext(_id)),
        bytes: file.bytes,
        state: 'inspecting',
        phase: 'inspect',
        ask: null,
        rev: 1,
        work: newWork(clock()),
        fault: null,
        repeatOf: await read.sameFile(caller, same),
        sheets: null,
        mapping: null,
        position: 0,
        counts: { ...NO_COUNTS },
        progress: { rows: 0, total: null, rate: 0 },
        check: null,
        undo: null,
        requestKey,
        createdBy: caller.accountId,
        createdByName: caller.name,
        scope: await stampScope(caller, 'import.run', undefined, places),
        createdAt: clock(),
        startedAt: null,
        finishedAt: null,
        expiredAt: null,
      };
      try {
        await transact(mongo, async () => {
          await imports.create([doc]);
          await uploads.deleteOne({ _id: file.id });
          await audit.record({
            caller,
            ip,
            action: 'import.accepted',
            object: { type: 'import', id: String(_id) },
            detail: { sha256: file.sha256 },
            facts: { form: form.key, version: form.version, bytes: file.bytes },
          });
        });
      } catch (error) {
        // The same key at the same moment.
        const other = isDuplicateKey(error) ? await known(caller, requestKey) : null;
        if (!other) throw error;
        await discard(file);
        return other;
      }
      await wakeWorkers(deps, IMPORT_WORK);
      return doc;
    },
  };
}

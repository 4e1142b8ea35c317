import { createReadStream } from 'node:fs';
import type { Deps } from '../../deps.ts';
import { decodeIdCursor, encodeCursor, Problem, type StaffCaller, type Upload } from '../../http/index.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import { openTable, WorkbookError } from '../../infra/workbook/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import { scoped, stampScope, type Places } from '../scope/index.ts';
import { importModel, type DuplicateRule, type ImportDoc } from './imports.model.ts';

/** Redis channel that wakes workers; a slow poll stands behind it. */
export const WAKE = 'imports:wake';

export const MAX_IMPORT_BYTES = 100 * 1024 * 1024;

export type ImportsService = ReturnType<typeof createImportsService>;

/** Accepting, listing and cancelling imports; the work itself is the worker's. */
export function createImportsService(
  deps: Deps,
  { audit, forms, places }: { audit: Audit; forms: Forms; places: Places },
) {
  const { mongo, storage, cipher, clock, redis } = deps;
  const imports = importModel(mongo);
  const { ObjectId } = mongo.base.Types;

  /** Refuses what is no readable table before it is stored: by its first bytes and the zip's directory. */
  async function look(path: string): Promise<void> {
    try {
      await (await openTable(path)).close();
    } catch (err) {
      if (err instanceof WorkbookError) throw new Problem(err.code, { params: err.params });
      throw err;
    }
  }

  return {
    /**
     * Takes an uploaded file as an import that waits for a worker. The same key again answers the same import.
     * @throws Problem not_found for an unknown form or version, `file_*` for a file that is no table
     */
    async accept(
      caller: StaffCaller,
      ip: string,
      requestKey: string,
      upload: Upload,
      wanted: { form: string; version?: number | undefined; duplicates: DuplicateRule },
    ): Promise<ImportDoc> {
      const before = await imports.findOne({ requestKey, createdBy: caller.accountId }).lean();
      if (before) return before;
      const form = wanted.version
        ? await forms.version(wanted.form, wanted.version)
        : await forms.published(wanted.form);
      if (!form) throw new Problem('not_found');
      const scope = await stampScope(caller, 'import.run', undefined, places);
      await look(upload.path);
      const file = await storage.put(createReadStream(upload.path), {
        name: upload.filename,
        contentType: 'application/octet-stream',
        maxBytes: MAX_IMPORT_BYTES,
        purpose: 'import',
      });
      const _id = new ObjectId();
      const doc: ImportDoc = {
        _id,
        formKey: form.key,
        version: form.version,
        duplicates: wanted.duplicates,
        fileId: file.id,
        filename: cipher.seal(upload.filename, `import:${_id}`),
        bytes: file.bytes,
        sha256: file.sha256,
        state: 'waiting',
        fault: null,
        counts: { read: 0, created: 0, updated: 0, skipped: 0, failed: 0 },
        position: 0,
        header: null,
        lease: { until: new Date(0), fence: 0 },
        attempts: 0,
        cancelAsked: false,
        requestKey,
        createdBy: caller.accountId,
        createdByName: caller.name,
        scope,
        createdAt: clock(),
        startedAt: null,
        finishedAt: null,
      };
      try {
        await imports.create([doc]);
      } catch (err) {
        await storage.remove(file.id);
        if (!isDuplicateKey(err)) throw err;
        return (await imports.findOne({ requestKey }).orFail().lean()) as ImportDoc;
      }
      await audit.record({
        caller,
        ip,
        action: 'import.accepted',
        object: { type: 'import', id: String(_id) },
        detail: { sha256: file.sha256 },
        facts: { form: form.key, version: form.version, bytes: file.bytes },
      });
      // A lost wake-up costs a second: the poll finds it.
      await redis.publish(WAKE, String(_id)).catch(() => 0);
      return doc;
    },

    async list(caller: StaffCaller, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const before = cursor ? { _id: { $lt: new ObjectId(decodeIdCursor(cursor)) } } : {};
      const found = await scoped(imports, caller, 'import.run')
        .find(before)
        .sort({ _id: -1 })
        .limit(limit + 1)
        .lean();
      const items = found.slice(0, limit) as ImportDoc[];
      return { items, nextCursor: found.length > limit ? encodeCursor([String(items.at(-1)!._id)]) : null };
    },

    /** @throws not_found, also for what lies outside of the caller's scope */
    async get(caller: StaffCaller, id: string): Promise<ImportDoc> {
      const found = await scoped(imports, caller, 'import.run')
        .findOne({ _id: new ObjectId(id) })
        .lean();
      if (!found) throw new Problem('not_found');
      return found as ImportDoc;
    },

    /** Asks the worker to stop after its batch; an import that nobody has begun ends at once. Rows already done stay. */
    async cancel(caller: StaffCaller, ip: string, id: string): Promise<ImportDoc> {
      const doc = await this.get(caller, id);
      if (doc.state !== 'waiting' && doc.state !== 'running') throw new Problem('conflict');
      await imports.updateOne(
        { _id: doc._id, state: 'waiting' },
        { $set: { state: 'cancelled', finishedAt: clock() } },
      );
      await imports.updateOne({ _id: doc._id, state: 'running' }, { $set: { cancelAsked: true } });
      await audit.record({ caller, ip, action: 'import.cancelled', object: { type: 'import', id } });
      return this.get(caller, id);
    },
  };
}

import { Readable } from 'node:stream';
import { FILE_BYTES, FILE_TYPES, isFileKind } from '../../../shared/fields/kinds/attachment.ts';
import { fieldsOf, type FileValue } from '../../../shared/fields/index.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type CitizenCaller, type StaffCaller } from '../../http/index.ts';
import { isDuplicateKey } from '../../infra/mongo/index.ts';
import type { Forms } from '../forms/index.ts';
import { contentOf } from './content.ts';
import { nameOf } from './file-name.ts';
import { fileModel, nameContext, valueOf, type FileDoc } from './files.model.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A file that no draft holds: whoever uploaded it may still be about to save or to send. */
const LOOSE_MS = 2 * DAY_MS;
/** What an account may have: uploaded within a day, or before and not sent yet. */
const QUOTA = {
  citizen: { files: 100, bytes: 200 * 1024 * 1024 },
  staff: { files: 1_000, bytes: 2 * 1024 * 1024 * 1024 },
} as const;

export interface UploadInput {
  form: string;
  version?: number | undefined;
  field: string;
}

/** Takes files for the answers to a form. */
export function createUploads(
  { mongo, storage, cipher, clock }: Pick<Deps, 'mongo' | 'storage' | 'cipher' | 'clock'>,
  { forms }: { forms: Pick<Forms, 'published' | 'version'> },
) {
  const files = fileModel(mongo);
  const { ObjectId } = mongo.base.Types;

  /** What is being uploaded counts as what it may become, so that many at once can't pass together. */
  async function assertQuota({ kind, accountId }: CitizenCaller | StaffCaller): Promise<void> {
    const counted = { owner: accountId, $or: [{ submissionId: null }, { at: { $gt: new Date(+clock() - DAY_MS) } }] };
    const [sum] = await files.aggregate<{ count: number; bytes: number }>([
      { $match: counted },
      { $group: { _id: null, count: { $sum: 1 }, bytes: { $sum: '$bytes' } } },
    ]);
    const most = QUOTA[kind];
    if (sum && (sum.count > most.files || sum.bytes > most.bytes)) throw new Problem('too_many_uploads');
  }

  return {
    maxBytes: FILE_BYTES,

    /** The types that a field takes. @throws not_found for a form, version or field that is not there or takes no files */
    async typesOf({ form, version, field: key }: UploadInput): Promise<readonly string[]> {
      const found = version === undefined ? await forms.published(form) : await forms.version(form, version);
      const field = found && fieldsOf(found.content).find((one) => one.key === key);
      if (!field || !isFileKind(field.kind)) throw new Problem('not_found');
      return FILE_TYPES[field.kind];
    },

    /**
     * Stores a file while it comes: judged by its content, pictures without what they say of place and device. The same file
     * again is the one that is there. What is refused leaves nothing, and what a dying process leaves is swept.
     * @throws file_type_refused, file_truncated, payload_too_large, too_many_uploads
     */
    async take(
      caller: CitizenCaller | StaffCaller,
      { form, field, types }: UploadInput & { types: readonly string[] },
      { stream, filename, bytes, signal }: { stream: Readable; filename: string; bytes: number; signal: AbortSignal },
    ): Promise<FileValue> {
      const { type, extension, pieces } = await contentOf(stream, types);
      const name = nameOf(filename, extension);
      const id = storage.newId();
      const _id = new ObjectId(id);
      const at = clock();
      await files.create([
        {
          _id,
          owner: caller.accountId,
          formKey: form,
          field,
          name: cipher.seal(name, nameContext(id)),
          type,
          bytes,
          ready: false,
          at,
          keepUntil: new Date(+at + HOUR_MS),
        },
      ]);
      try {
        await assertQuota(caller);
        const stored = await storage.put(Readable.from(pieces, { objectMode: false }), {
          id,
          name,
          contentType: type,
          maxBytes: FILE_BYTES,
          purpose: 'answer',
          signal,
        });
        const digest = cipher.index(
          'file.content',
          JSON.stringify([caller.accountId, form, field, name, stored.sha256]),
        );
        const doc = await finish({ _id, digest, bytes: stored.bytes, sha256: stored.sha256 });
        if (String(doc._id) !== id) await discard(id);
        return valueOf(cipher, doc);
      } catch (error) {
        await discard(id);
        throw error;
      }
    },
  };

  /** The file that has come, or the same one from before. */
  async function finish({
    _id,
    digest,
    bytes,
    sha256,
  }: Pick<FileDoc, '_id' | 'bytes' | 'sha256'> & { digest: string }) {
    const keepUntil = new Date(+clock() + LOOSE_MS);
    try {
      const $set = { digest, bytes, sha256, ready: true, keepUntil };
      const doc = await files.findOneAndUpdate({ _id }, { $set }, { returnDocument: 'after' }).lean<FileDoc>();
      if (!doc) throw new Problem('gone');
      return doc;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const there = await files
        .findOneAndUpdate({ digest }, { $max: { keepUntil } }, { returnDocument: 'after' })
        .lean<FileDoc>();
      // It was claimed or removed at this moment: the sender tries again.
      if (!there) throw new Problem('not_ready');
      return there;
    }
  }

  async function discard(id: string): Promise<void> {
    await storage.remove(id);
    await files.deleteOne({ _id: new ObjectId(id), submissionId: null });
  }
}

export type Uploads = ReturnType<typeof createUploads>;

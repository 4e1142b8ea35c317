import type { Cipher } from '../../infra/crypto/index.ts';
import { say, type Messages } from '../../../shared/messages/index.ts';
import type { ProblemCode } from '../../../shared/codes.ts';
import type { ImportDoc } from './imports.model.ts';

/** An import as the API shows it. */
export function presentImport(doc: ImportDoc, cipher: Cipher, messages: Messages) {
  const { fault } = doc;
  const text = fault ? say(messages, fault.code as ProblemCode, fault.params) : null;
  return {
    id: String(doc._id),
    form: doc.formKey,
    version: doc.version,
    duplicates: doc.duplicates,
    filename: cipher.open(doc.filename, `import:${doc._id}`),
    bytes: doc.bytes,
    state: doc.state,
    fault: fault && text ? { ...fault, message: [text.title, text.detail].filter(Boolean).join('：') } : null,
    counts: {
      read: doc.counts.read,
      created: doc.counts.created,
      updated: doc.counts.updated,
      skipped: doc.counts.skipped,
      failed: doc.counts.failed,
    },
    createdBy: doc.createdByName,
    createdAt: doc.createdAt.toISOString(),
    startedAt: doc.startedAt?.toISOString() ?? null,
    finishedAt: doc.finishedAt?.toISOString() ?? null,
  };
}

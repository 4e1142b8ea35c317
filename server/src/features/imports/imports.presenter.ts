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
    rev: 0,
    form: doc.formKey,
    version: doc.version,
    filename: cipher.open(doc.filename, `import:${doc._id}`),
    bytes: doc.bytes,
    state: doc.state === 'waiting' ? ('inspecting' as const) : doc.state,
    fault: fault && text ? { ...fault, message: [text.title, text.detail].filter(Boolean).join('：') } : null,
    duplicates: doc.duplicates,
    progress: { rows: doc.counts.read, total: null, rowsPerSecond: 0, secondsLeft: null },
    counts: {
      read: doc.counts.read,
      created: doc.counts.created,
      updated: doc.counts.updated,
      skipped: doc.counts.skipped,
      unchanged: 0,
      review: 0,
      failed: doc.counts.failed,
    },
    actions: doc.state === 'waiting' || doc.state === 'running' ? ['cancel' as const] : [],
    createdBy: doc.createdByName,
    createdAt: doc.createdAt.toISOString(),
    startedAt: doc.startedAt?.toISOString() ?? null,
    finishedAt: doc.finishedAt?.toISOString() ?? null,
  };
}

/** With what the wizard needs. */
export function presentDetail(doc: ImportDoc, cipher: Cipher, messages: Messages) {
  return {
    ...presentImport(doc, cipher, messages),
    repeatOf: null,
    sheets: [],
    sheet: null,
    headerRow: null,
    columns: [],
    values: [],
    missing: [],
    check: null,
    undone: null,
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { openTable, WorkbookError, type Row, type TableReader } from '../../infra/workbook/index.ts';
import type { FormContent } from '../../../shared/fields/index.ts';
import type { Audit } from '../audit/index.ts';
import { findHeader, HEADER_WITHIN, missingColumns, type Header } from './header.ts';
import type { ImportDoc } from './imports.model.ts';
import { isBlankRow } from './judge.ts';
import { LeaseLost, type Lease } from './lease.ts';
import type { Batch } from './batch.ts';

/** Rows judged and written together; between two batches an import can be stopped, taken over or cancelled. */
const BATCH_ROWS = 500;
/** After so many faults that are not the file's, an import ends as failed. */
const MAX_ATTEMPTS = 5;
const RETRY_MS = 5_000;

export type RunImport = (lease: Lease, signal?: AbortSignal) => Promise<void>;

/** What the rows of one import are written with; made when it begins. */
export type OpenBatch = (doc: ImportDoc) => Promise<{ content: FormContent; write: Batch }>;

/** Works through one import from its checkpoint. The file's faults end it; the world's faults give it back. */
export function createRunImport(
  { storage, log, cipher, clock }: Deps,
  { audit, openBatch }: { audit: Audit; openBatch: OpenBatch },
): RunImport {
  return async (lease, signal) => {
    const { doc } = lease;
    const importId = String(doc._id);
    const folder = await mkdtemp(join(tmpdir(), 'dengji-import-'));
    let reader: TableReader | undefined;
    log.info('import.started', { importId, position: doc.position, fence: doc.lease.fence });
    try {
      if (!doc.startedAt) await lease.set({ startedAt: clock() });
      const path = join(folder, 'file');
      await storage.toFile(doc.fileId, path);
      reader = await openTable(path);
      const { content, write } = await openBatch(doc);
      const { sheet, header, texts } = await findSheet(reader, doc.formKey, content);
      // Everything is checked to its end before the first row is written: a file cut short imports nothing.
      if (doc.position === 0) {
        await reader.verify(sheet);
        await lease.set({ header: cipher.sealJson(texts, `import:${importId}`) });
      }
      const outcome = await work(lease, reader, sheet, header, write, signal);
      if (outcome === 'stopped') return await lease.giveBack(0);
      await lease.end(outcome);
      await storage.remove(doc.fileId);
      await audit.record({
        caller: { kind: 'system' },
        action: 'import.finished',
        object: { type: 'import', id: importId },
        facts: { state: outcome },
      });
    } catch (err) {
      if (err instanceof LeaseLost) return;
      await fail(err);
    } finally {
      await reader?.close();
      await rm(folder, { recursive: true, force: true });
    }

    async function fail(err: unknown): Promise<void> {
      const known =
        err instanceof WorkbookError
          ? { code: err.code, params: err.params }
          : err instanceof Problem
            ? { code: err.code, params: err.details.params ?? {} }
            : null;
      if (!known && doc.attempts + 1 < MAX_ATTEMPTS) {
        log.warn('import.broken', { importId, attempt: doc.attempts + 1, err });
        return lease.giveBack(RETRY_MS);
      }
      log.error('import.broken', { importId, err });
      await lease.end('failed', known ?? { code: 'internal_error', params: {} });
      await storage.remove(doc.fileId);
      await audit.record({
        caller: { kind: 'system' },
        action: 'import.failed',
        object: { type: 'import', id: importId },
        outcome: 'failed',
        facts: { reason: known?.code ?? 'internal_error' },
      });
    }
  };
}

/** The first sheet that a person sees and that has the form's header. @throws Problem file_wrong_template */
async function findSheet(
  reader: TableReader,
  form: string,
  content: FormContent,
): Promise<{ sheet: number; header: Header; texts: string[] }> {
  let missing: string[] | undefined;
  for (const [sheet, info] of reader.sheets.entries()) {
    if (info.hidden) continue;
    const head: Row[] = [];
    for await (const rows of reader.rows(sheet)) {
      head.push(...rows.filter((row) => row.number <= HEADER_WITHIN));
      if ((rows.at(-1)?.number ?? 0) >= HEADER_WITHIN) break;
    }
    const header = findHeader(head, form, content);
    if (header)
      return {
        sheet,
        header,
        texts: (head.find((row) => row.number === header.row)?.cells ?? []).map((cell) => cell.text),
      };
    missing ??= missingColumns(head, content);
  }
  throw new Problem('file_wrong_template', { params: { missing: (missing ?? []).slice(0, 10).join('、') } });
}

async function work(
  lease: Lease,
  reader: TableReader,
  sheet: number,
  header: Header,
  write: Batch,
  signal?: AbortSignal,
): Promise<'finished' | 'cancelled' | 'stopped'> {
  const from = Math.max(lease.doc.position, header.row);
  let batch: Row[] = [];
  let { read } = lease.doc.counts;
  const flush = async () => {
    const last = batch.at(-1);
    if (!last) return false;
    const delta = await write(batch, header);
    read += delta.read;
    batch = [];
    return (await lease.checkpoint(last.number, delta)).cancelAsked;
  };
  for await (const rows of reader.rows(sheet)) {
    for (const row of rows) {
      if (row.number <= from || isBlankRow(row)) continue;
      batch.push(row);
      if (batch.length < BATCH_ROWS) continue;
      if (await flush()) return 'cancelled';
      if (signal?.aborted) return 'stopped';
    }
  }
  if (await flush()) return 'cancelled';
  if (read === 0) throw new Problem('file_empty');
  return 'finished';
}

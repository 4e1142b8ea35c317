import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Deps } from '../../src/deps.ts';
import type { ExportDoc } from '../../src/features/exports/index.ts';
import { openTable } from '../../src/infra/workbook/index.ts';
import { FORM, isStable, receiptOf } from './rows.ts';

export interface ReadFile {
  /** Of all data sheets: names and rows, in order. */
  digest: string;
  /** What stands in the row of a receipt number, and how often the number was there. */
  rows: Map<string, { value: string; times: number }>;
}

/** Reads an export's file out of storage; the last sheet, which tells of the export itself, is left out. */
export async function readExport(deps: Deps, { file }: ExportDoc, folder: string): Promise<ReadFile> {
  const path = join(folder, `${file!.id}.xlsx`);
  await deps.storage.toFile(file!.id, path);
  const reader = await openTable(path);
  const hash = createHash('sha256');
  const rows: ReadFile['rows'] = new Map();
  for (const [at, { name }] of reader.sheets.slice(0, -1).entries()) {
    hash.update(name);
    let header: string[] | undefined;
    for await (const batch of reader.rows(at))
      for (const { cells } of batch) {
        const texts = cells.map(({ text }) => text);
        hash.update(JSON.stringify(texts));
        if (!header) {
          header = texts;
          continue;
        }
        const receipt = texts[0]!;
        const value = texts[header.indexOf('text0')] ?? '';
        rows.set(receipt, { value, times: (rows.get(receipt)?.times ?? 0) + 1 });
      }
  }
  await reader.close();
  return { digest: hash.digest('hex'), rows };
}

/** What the driver itself reads at the export's cluster time, past all code of ours. */
export async function truthAt(deps: Deps, { snapshot }: ExportDoc): Promise<Map<string, string>> {
  const client = deps.mongo.getClient();
  const session = client.startSession({ snapshot: true });
  Object.assign(session, { snapshotTime: snapshot });
  const found = client
    .db(deps.mongo.name, { readConcern: { level: 'snapshot' } as never })
    .collection('submissions')
    .find({ formKey: FORM, deletedAt: null }, { session, projection: { receiptNumber: 1, 'answers.text0': 1 } });
  const truth = new Map<string, string>();
  for await (const { receiptNumber, answers } of found) truth.set(receiptNumber as string, answers.text0 as string);
  await session.endSession();
  return truth;
}

export interface Difference {
  missing: number;
  doubled: number;
  wrong: number;
  foreign: number;
}

/** Where a file differs from the truth; rows that nobody touched must be there by construction. */
export function differences({ rows }: ReadFile, truth: Map<string, string>, count: number): Difference {
  const found: Difference = { missing: 0, doubled: 0, wrong: 0, foreign: 0 };
  for (const [receipt, value] of truth) {
    const row = rows.get(receipt);
    if (!row) found.missing += 1;
    else if (row.value !== value) found.wrong += 1;
  }
  for (const [receipt, { times }] of rows) {
    if (times > 1) found.doubled += 1;
    if (!truth.has(receipt)) found.foreign += 1;
  }
  for (let n = 0; isStable(n, count); n += 1) if (!truth.has(receiptOf(n))) found.missing += 1;
  return found;
}

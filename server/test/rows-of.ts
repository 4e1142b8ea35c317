import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '../src/infra/workbook/index.ts';

/** The rows of a downloaded workbook's first sheet, as texts. */
export async function rowsOf(file: Uint8Array): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'dengji-rows-'));
  await writeFile(join(folder, 'file'), file);
  const reader = await openTable(join(folder, 'file'));
  const rows: string[][] = [];
  for await (const batch of reader.rows(0)) rows.push(...batch.map((row) => row.cells.map((cell) => cell.text)));
  await reader.close();
  await rm(folder, { recursive: true });
  return rows;
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '../src/infra/workbook/index.ts';

/** The sheets of a workbook with their rows, as texts. */
export async function sheetsOf(file: Uint8Array): Promise<{ name: string; rows: string[][] }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dengji-rows-'));
  await writeFile(join(folder, 'file'), file);
  const reader = await openTable(join(folder, 'file'));
  const sheets: { name: string; rows: string[][] }[] = [];
  for (const [at, { name }] of reader.sheets.entries()) {
    const rows: string[][] = [];
    for await (const batch of reader.rows(at)) rows.push(...batch.map((row) => row.cells.map((cell) => cell.text)));
    sheets.push({ name, rows });
  }
  await reader.close();
  await rm(folder, { recursive: true });
  return sheets;
}

/** The rows of a downloaded workbook's first sheet, as texts. */
export const rowsOf = async (file: Uint8Array): Promise<string[][]> => (await sheetsOf(file))[0]!.rows;

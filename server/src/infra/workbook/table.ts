import { open } from 'node:fs/promises';
import { openCsv } from './csv-reader.ts';
import type { Limits } from './limits.ts';
import { sniff } from './sniff.ts';
import type { PackedReader } from './types.ts';
import { openWorkbook } from './workbook-reader.ts';

/**
 * Opens an xlsx or CSV file, told apart by its content; its name plays no part.
 * @throws WorkbookError saying why the file is refused
 */
export async function openTable(path: string, limits: Partial<Limits> = {}): Promise<PackedReader> {
  const file = await open(path, 'r');
  let content: 'zip' | 'text';
  try {
    content = await sniff(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
  return content === 'zip' ? openWorkbook(path, limits) : openCsv(path, limits);
}

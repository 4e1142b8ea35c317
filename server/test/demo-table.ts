import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { healthDeclaration } from '../shared/demo/healthDeclaration.ts';
import { fieldsOf, formatValue } from '../shared/fields/index.ts';
import { createWorkbookWriter } from '../src/infra/workbook/index.ts';
import { createRegions } from '../src/features/regions/index.ts';
import { goodAnswers } from './demo-form.ts';

const fields = fieldsOf(healthDeclaration).filter((field) => field.kind !== 'static');
const regions = createRegions({} as never).lookup;

/** The invented person number `index` as a row of a table: cells by label. */
export function tableRow(index: number, change: Record<string, string> = {}): Record<string, string> {
  const answers = goodAnswers(index);
  const cells = fields.map((field) => [
    field.label['zh-CN'],
    formatValue(field, answers[field.key], 'zh-CN', { regions }),
  ]);
  return { ...Object.fromEntries(cells), ...change };
}

/** Rows as an xlsx file with a header of labels. */
export const tableFile = (rows: Record<string, string>[]): Promise<Uint8Array<ArrayBuffer>> => {
  const headers = fields.map((field) => field.label['zh-CN']);
  return rawTable([headers, ...rows.map((row) => headers.map((header) => row[header] ?? ''))]);
};

/** What a workbook keeps of a text. */
export { cleanText } from '../src/infra/workbook/index.ts';

/** Cells as an xlsx file, just as they are. */
export async function rawTable(rows: string[][]): Promise<Uint8Array<ArrayBuffer>> {
  const out = new PassThrough();
  const whole = buffer(out);
  const writer = createWorkbookWriter(out);
  const sheet = writer.sheet('名单', { columns: [] });
  for (const row of rows) await sheet.row(row);
  await sheet.close();
  await writer.close();
  return new Uint8Array(await whole);
}

/**
 * One side of the writing bench, in a process of its own: `node write.js dengji|exceljs ROWS LEVEL`. Prints
 * `{"cpu": seconds, "mb": peak RSS, "bytes": size of the file}`; CPU counts all threads, from the first row to the last byte.
 */
import { once } from 'node:events';
import { Writable } from 'node:stream';
import type Exceljs from 'exceljs';
import { createWorkbookWriter } from '../../src/infra/workbook/writer.ts';
import { tableHeader, tableRow, textOfValue } from '../tables/people.ts';

type Side = 'dengji' | 'exceljs';
type CellValue = string | number | null;

/** So many different rows, over and over: more than zlib looks back, and making rows is no part of what is measured. */
const DIFFERENT = 4_096;

const [side, rowCount, level] = process.argv.slice(2) as [Side, string, string];
const rows = Array.from({ length: DIFFERENT }, (_, i) =>
  tableRow(i).map((value) => (typeof value === 'number' || value === null ? value : decoded(textOfValue(value)))),
);

/** The text as a database's driver gives it: one piece of memory, not a chain of concatenated ones. */
function decoded(text: string): string {
  return Buffer.from(text).toString();
}
// Before the clock starts, and only where it is used: our side's memory is to be ours.
const exceljs = side === 'exceljs' ? (await import('exceljs')).default : undefined;
let bytes = 0;
const sink = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    bytes += chunk.length;
    done();
  },
});
const started = process.cpuUsage();
await (exceljs ? writeExceljs(exceljs, Number(rowCount), Number(level)) : writeOurs(Number(rowCount), Number(level)));
const { user, system } = process.cpuUsage(started);
console.log(
  JSON.stringify({ cpu: (user + system) / 1e6, mb: Math.round(process.resourceUsage().maxRSS / 1024), bytes }),
);

async function writeOurs(count: number, zlibLevel: number): Promise<void> {
  const writer = createWorkbookWriter(sink, { level: zlibLevel });
  const sheet = writer.sheet('名单', { columns: tableHeader.map((header) => ({ header })) });
  for (let i = 0; i < count; i++) await sheet.row(rows[i % DIFFERENT] as CellValue[]);
  await writer.close();
}

/** With the backpressure that exceljs lacks, by its private fields: without it, it would take a gigabyte. */
async function writeExceljs(ExcelJS: typeof Exceljs, count: number, zlibLevel: number): Promise<void> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream: sink,
    useStyles: true,
    useSharedStrings: false,
    zip: { zlib: { level: zlibLevel } },
  } as ConstructorParameters<typeof ExcelJS.stream.xlsx.WorkbookWriter>[0]);
  const sheet = book.addWorksheet('名单', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.addRow(tableHeader).commit();
  const [pipe] = (sheet as unknown as { stream: { pipes: [NodeJS.EventEmitter & { _writableState: State }] } }).stream
    .pipes;
  for (let i = 0; i < count; i++) {
    sheet.addRow(rows[i % DIFFERENT] as CellValue[]).commit();
    if (pipe._writableState.needDrain) await once(pipe, 'drain');
  }
  sheet.commit();
  await book.commit();
}

interface State {
  needDrain: boolean;
}

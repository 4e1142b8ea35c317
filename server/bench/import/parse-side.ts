/**
 * One side of the parsing bench, in a process of its own: `node parse-side.js dengji|exceljs FILE read|check|resume`.
 * Prints `{"cpu": seconds of all threads, "mb": peak RSS, "loop": p99 delay of the event loop in ms, "rows", "cells",
 * "wrong": cells that are not what was written}`. `check` compares every cell and is not to be timed; `resume` begins where
 * nine tenths are done.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type Exceljs from 'exceljs';
import { openInWorker } from '../../src/infra/workbook/worker-reader.ts';
import type { Row } from '../../src/infra/workbook/types.ts';
import { tableHeader, tableRow, textOfValue } from '../tables/people.ts';

export interface Parsed {
  cpu: number;
  mb: number;
  loop: number;
  rows: number;
  cells: number;
  wrong: number;
}

const [side, path, mode, rowCount] = process.argv.slice(2) as [string, string, 'read' | 'check' | 'resume', string];
const seen = { rows: 0, cells: 0, wrong: 0, chars: 0 };

// Before the clock starts, and only where it is used: our side's memory is to be ours.
const exceljs = side === 'exceljs' ? (await import('exceljs')).default : undefined;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const started = process.cpuUsage();
await (exceljs ? readExceljs(exceljs) : readOurs());
const { user, system } = process.cpuUsage(started);
const { rows, cells, wrong } = seen;
const mb = Math.round(process.resourceUsage().maxRSS / 1024);
const loop = Math.round(delay.percentile(99) / 1e5) / 10;
console.log(JSON.stringify({ cpu: (user + system) / 1e6, mb, loop, rows, cells, wrong } satisfies Parsed));

async function readOurs(): Promise<void> {
  const reader = await openInWorker(path);
  const from = mode === 'resume' ? Math.floor(Number(rowCount) * 0.9) : 1;
  for await (const batch of reader.rows(0, { from })) takeOurs(batch);
  await reader.close();
}

async function readExceljs(ExcelJS: typeof Exceljs): Promise<void> {
  const options = { worksheets: 'emit', sharedStrings: 'cache', styles: 'cache', hyperlinks: 'ignore' } as const;
  for await (const sheet of new ExcelJS.stream.xlsx.WorkbookReader(path, options)) {
    for await (const row of sheet) takeExceljs(row);
  }
}

/** Every cell is looked at, in `read` and `check` alike; only `check` compares it with what was written. */
function takeOurs(batch: Row[]): void {
  for (const { number, cells } of batch) {
    seen.rows++;
    seen.cells += cells.length;
    for (const { text } of cells) seen.chars += text.length;
    if (mode === 'check') compare(number, (column) => cells[column]?.text ?? '');
  }
}

function takeExceljs(row: Exceljs.Row): void {
  seen.rows++;
  row.eachCell(({ value }) => {
    seen.cells++;
    seen.chars += typeof value === 'string' ? value.length : 1;
  });
  if (mode === 'check') compare(row.number, (column) => exceljsText(row.getCell(column + 1).value));
}

function compare(number: number, textAt: (column: number) => string): void {
  const written = number === 1 ? tableHeader : tableRow(number - 2).map(textOfValue);
  written.forEach((text, column) => {
    if (textAt(column) !== text) seen.wrong++;
  });
}

function exceljsText(value: Exceljs.CellValue): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === 'object') return value === null ? '' : JSON.stringify(value);
  return String(value);
}

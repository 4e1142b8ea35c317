/**
 * One side of the parsing bench, in a process of its own: `node parse-side.js dengji|exceljs FILE read|check|resume`.
 * Prints `{"cpu": seconds of all threads, "mb": peak RSS, "loop": p99 delay of the event loop in ms, "rows", "cells",
 * "wrong": cells that are not what was written}`. `check` compares every cell and is not to be timed; `resume` begins where
 * nine tenths are done.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type Exceljs from 'exceljs';
import { openInWorker } from '../../src/infra/workbook/worker-reader.ts';
import type { Cell, Row } from '../../src/infra/workbook/types.ts';
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
const COLUMNS = tableHeader.length;
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
  for await (const batch of reader.rows(0, { from })) for (const row of batch) take(row.number, ourTexts(row));
  await reader.close();
}

async function readExceljs(ExcelJS: typeof Exceljs): Promise<void> {
  const options = { worksheets: 'emit', sharedStrings: 'cache', styles: 'cache', hyperlinks: 'ignore' } as const;
  for await (const sheet of new ExcelJS.stream.xlsx.WorkbookReader(path, options)) {
    for await (const row of sheet) take(row.number, exceljsTexts(row));
  }
}

/** Every side gives every cell as a text, as an import needs it. */
function take(number: number, texts: string[]): void {
  seen.rows++;
  seen.cells += texts.length;
  for (const text of texts) seen.chars += text.length;
  if (mode !== 'check') return;
  const written = number === 1 ? tableHeader : tableRow(number - 2).map(textOfValue);
  for (let column = 0; column < COLUMNS; column++) if ((texts[column] ?? '') !== written[column]) seen.wrong++;
}

function ourTexts(row: Row): string[] {
  return row.cells.map(textOf);
}

function textOf(cell: Cell): string {
  return cell.text;
}

function exceljsTexts(row: Exceljs.Row): string[] {
  const texts: string[] = [];
  row.eachCell({ includeEmpty: true }, ({ value }) => {
    if (value instanceof Date) texts.push(value.toISOString().slice(0, 10));
    else if (typeof value === 'object') texts.push(value === null ? '' : JSON.stringify(value));
    else texts.push(String(value));
  });
  return texts;
}

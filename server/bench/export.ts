/**
 * What it costs to write a workbook: our writer against exceljs's streaming one, with backpressure on both sides, at
 * zlib 6 and 1. The same rows of 20 columns, each side in a process of its own, in turn; the measure is CPU seconds of all threads.
 * `npm run bench -- export 10000 100000` chooses the numbers of rows. Last line:
 * `{"bench":"export","figures":{"write_ratio_zlib6":…,"write_ratio_zlib1":…,"write_peak_mb":…}}`, of the largest.
 */
import { compileBenches, median, runChild } from './children.ts';

interface Measured {
  /** Seconds. */
  cpu: number;
  /** Peak RSS. */
  mb: number;
  bytes: number;
}

const SIDES = ['dengji', 'exceljs'] as const;
const LEVELS = [6, 1] as const;
const asked = process.argv.slice(2).map(Number);
const sizes = (asked.length > 0 ? asked : [10_000, 100_000, 1_000_000]).toSorted((a, b) => a - b);
/** A short run is repeated: its figure moves with what else the machine does. */
const roundsOf = (rows: number): number => (rows <= 20_000 ? 5 : rows <= 200_000 ? 3 : 1);

compileBenches();
const figures: Record<string, number> = {};
for (const rows of sizes) {
  figures.write_peak_mb = 0;
  for (const level of LEVELS) {
    const runs: Record<(typeof SIDES)[number], Measured[]> = { dengji: [], exceljs: [] };
    for (let round = 0; round < roundsOf(rows); round++) {
      for (const side of round % 2 ? SIDES : SIDES.toReversed()) {
        runs[side].push(await runChild<Measured>('export/write', [side, rows, level]));
      }
    }
    const table = SIDES.map((side) => [
      `${side} ${rows} rows, zlib ${level}`,
      {
        'CPU s': Math.round(median(runs[side].map(({ cpu }) => cpu)) * 100) / 100,
        'peak MB': Math.max(...runs[side].map(({ mb }) => mb)),
        'file MB': Math.round((runs[side][0] as Measured).bytes / 1e5) / 10,
      },
    ]);
    console.table(Object.fromEntries(table));
    const cpu = (side: (typeof SIDES)[number]): number => median(runs[side].map((run) => run.cpu));
    figures[`write_ratio_zlib${level}`] = Math.round((cpu('exceljs') / cpu('dengji')) * 100) / 100;
    figures.write_peak_mb = Math.max(figures.write_peak_mb, ...runs.dengji.map(({ mb }) => mb));
  }
}
console.log(JSON.stringify({ bench: 'export', figures }));

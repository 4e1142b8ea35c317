/**
 * Reading a workbook: our reader, in its thread as imports use it, against exceljs's streaming reader. Both read the same
 * file, each in a process of its own, in turn; the measure is CPU seconds of all threads. What each of them gets wrong is
 * counted beside, cell by cell against what was written.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLater } from '../../../scripts/lib/databases.mjs';
import { median, runChild } from '../children.ts';
import { writeTableFile } from '../tables/table-file.ts';
import type { Parsed } from './parse-side.ts';

export interface ParseBench {
  figures: Record<string, number>;
  /** For `console.table`. */
  rows: Record<string, Record<string, number>>;
}

const SIDES = ['dengji', 'exceljs'] as const;
type Side = (typeof SIDES)[number];
const KINDS = ['shared', 'inline'] as const;

/** A short run is repeated: its figure moves with what else the machine does. */
const roundsOf = (rows: number): number => (rows <= 20_000 ? 5 : rows <= 200_000 ? 3 : 1);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/**
 * Needs the compiled benches (`compileBenches`).
 * @param sizes rows with the header; the figures are those of the largest
 */
export async function parseBench(sizes: readonly number[], log: (line: string) => void): Promise<ParseBench> {
  const folder = await mkdtemp(join(tmpdir(), 'dengji-bench-'));
  removeLater(folder);
  const table: ParseBench['rows'] = {};
  const figures: ParseBench['figures'] = {};
  let smallest = Number.POSITIVE_INFINITY;
  try {
    for (const size of sizes.toSorted((a, b) => a - b)) {
      for (const kind of KINDS) {
        const path = join(folder, `${kind}.xlsx`);
        log(`making a file of ${size} rows, ${kind} strings`);
        await writeTableFile(path, { rows: size - 1, strings: kind });
        const { size: bytes } = await stat(path);
        const runs = await compare(path, size, log);
        for (const side of SIDES)
          table[`${size} ${kind}, ${side}`] = { ...shown(runs[side]), 'file MB': round(bytes / 1e6, 1) };
        if (kind === 'inline') smallest = Math.min(smallest, peak(runs.dengji));
        figures[`parse_${kind}_ratio`] = round(cpu(runs.exceljs) / cpu(runs.dengji), 2);
        figures[`parse_${kind}_peak_mb`] = peak(runs.dengji);
        figures[`parse_${kind}_cpu_s_per_million`] = round((cpu(runs.dengji) / size) * 1e6, 2);
        figures[`parse_${kind}_wrong_cells`] = runs.dengji.wrong;
        figures[`exceljs_${kind}_wrong_cells`] = runs.exceljs.wrong;
        figures[`parse_${kind}_resume_share`] = round(runs.resumed.cpu / cpu(runs.dengji), 2);
      }
    }
    figures.parse_growth_mb = (figures.parse_shared_peak_mb as number) - smallest;
    return { figures, rows: table };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Runs {
  timed: Parsed[];
  wrong: number;
}

async function compare(
  path: string,
  size: number,
  log: (line: string) => void,
): Promise<Record<Side, Runs> & { resumed: Parsed }> {
  const run = (side: Side, mode: 'read' | 'check' | 'resume'): Promise<Parsed> =>
    runChild<Parsed>('import/parse-side', [side, path, mode, size]);
  const runs: Record<Side, Runs> = { dengji: { timed: [], wrong: 0 }, exceljs: { timed: [], wrong: 0 } };
  for (let round = 0; round < roundsOf(size); round++) {
    for (const side of round % 2 ? SIDES : SIDES.toReversed()) {
      log(`${side} reads`);
      runs[side].timed.push(await run(side, 'read'));
    }
  }
  for (const side of SIDES) {
    log(`${side} is checked, cell by cell`);
    const { wrong, rows } = await run(side, 'check');
    if (rows !== size) throw new Error(`${side} read ${rows} of ${size} rows`);
    runs[side].wrong = wrong;
  }
  return { ...runs, resumed: await run('dengji', 'resume') };
}

const cpu = ({ timed }: Runs): number => median(timed.map((run) => run.cpu));
const peak = ({ timed }: Runs): number => Math.max(...timed.map(({ mb }) => mb));

const shown = (runs: Runs): Record<string, number> => ({
  'CPU s': round(cpu(runs), 2),
  'peak MB': peak(runs),
  'loop p99 ms': median(runs.timed.map(({ loop }) => loop)),
  'wrong cells': runs.wrong,
});

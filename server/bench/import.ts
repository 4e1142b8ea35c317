/**
 * What an import costs. First the reader alone against exceljs's, then the whole road from upload to the last row against
 * bare native upserts of the same documents.
 *
 * `npm run bench -- import` reads tables of 10,000, 100,000 and 1,048,575 rows; numbers of rows choose others; `parse` or
 * `whole` runs one half only, `alone` the whole import without its other side (memory and time of a full sheet). Last line: `{"bench":"import","figures":{"parse_shared_ratio":…,"import_ratio":…}}`.
 */
import { compileBenches } from './children.ts';

/** The most rows that a sheet holds, less one: Excel itself leaves the last one alone. */
const FULL_SHEET = 1_048_575;
/** The whole import is run with so many, unless told: more takes many minutes and says the same. */
const WHOLE_ROWS = 100_000;

const words = process.argv.slice(2);
const asked = words.map(Number).filter((rows) => rows > 1);
const sizes = asked.length > 0 ? asked : [10_000, 100_000, FULL_SHEET];
const alone = words.includes('alone');
const halves = alone ? ['whole'] : ['parse', 'whole'].filter((half) => words.includes(half));
const wants = (half: string): boolean => halves.length === 0 || halves.includes(half);
const log = (line: string): void => console.error(line);

compileBenches();
const figures: Record<string, number> = {};
if (wants('parse')) {
  const { parseBench } = await import('./import/parse.ts');
  const parse = await parseBench(sizes, log);
  console.table(parse.rows);
  Object.assign(figures, parse.figures);
}
if (wants('whole')) {
  const { wholeImport } = await import('./import/whole.ts');
  const rows = asked.length > 0 ? Math.max(...asked) : WHOLE_ROWS;
  const whole = await wholeImport({ rows, alone, log });
  console.table(whole.rows);
  Object.assign(figures, whole.figures);
}
console.log(JSON.stringify({ bench: 'import', figures }));

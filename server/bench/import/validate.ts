/**
 * What a row costs before anything is sealed: reading the file, judging its rows, and making BSON of their answers.
 * Arguments: path of the file. Prints `{"cpu":seconds,"rows":n}`.
 */
import { Mongoose } from 'mongoose';
import { fieldsOf } from '../../shared/fields/index.ts';
import { createJudge } from '../../src/features/imports/judge.ts';
import { createRegions } from '../../src/features/regions/index.ts';
import { openTable } from '../../src/infra/workbook/index.ts';
import { tableForm } from '../tables/people.ts';

const { BSON } = new Mongoose().mongo;
const { lookup } = createRegions({} as never);
const header = { row: 1, fields: fieldsOf(tableForm) };
const judge = createJudge(header, tableForm, { today: '2026-11-21', regions: lookup });

const before = process.cpuUsage();
const reader = await openTable(process.argv[2]!);
// A batch's documents are made one behind the other, as the driver sends them.
const batch = Buffer.alloc(1 << 20);
let end = 0;
let rows = 0;
for await (const some of reader.rows(0, { from: 2 })) {
  for (const row of some) {
    const { answers, issues } = judge(row);
    if (issues.length) throw new Error(`row ${row.number}: ${JSON.stringify(issues)}`);
    end = 1 + BSON.serializeWithBufferAndIndex(answers, batch, { index: end });
    if (end > batch.length / 2) end = 0;
    rows += 1;
  }
}
await reader.close();
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (user + system) / 1e6, rows }));

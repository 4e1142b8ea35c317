import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeImportRows, type ImportRows } from '../../../test/import-rows.ts';
import type { ImportedRow, ImportRun } from './submissions.rows.ts';

/** What the database itself counted, by its profiler: every command on these collections, also a write that came to nothing. */
interface Work {
  writes: number;
  reads: number;
}

let t: ImportRows;
beforeAll(async () => {
  t = await makeImportRows();
});
afterAll(() => t.close());

async function profiled(work: () => Promise<unknown>): Promise<Work> {
  const { mongo } = t.deps;
  const db = mongo.db!;
  await db.command({ profile: 2 });
  await work();
  await db.command({ profile: 0 });
  const profile = db.collection('system.profile');
  const ns = { $in: ['people', 'submissions'].map((name) => `${mongo.name}.${name}`) };
  const writes = await profile.countDocuments({ ns, op: { $in: ['insert', 'update', 'remove'] } });
  const commands = await profile.find({ ns, op: { $nin: ['insert', 'update', 'remove'] } }).toArray();
  expect(commands.filter(({ command }) => 'findAndModify' in command || 'findandmodify' in command)).toEqual([]);
  await db.dropCollection('system.profile');
  return { writes, reads: commands.length };
}

async function inBatches(rows: ImportedRow[], run: ImportRun): Promise<string[]> {
  const outcomes: string[] = [];
  for (let at = 0; at < rows.length; at += 100) outcomes.push(...(await t.write(rows.slice(at, at + 100), run)));
  return outcomes;
}

const file = (first: number, form = t.form) =>
  Array.from({ length: 300 }, (_, i) => t.row(i + 2, first + i, i % 7 ? {} : { remark: `第${i}行` }, form));

describe('what an import costs the database', () => {
  it('a file that was imported before makes no write at all, under any rule', async () => {
    const rows = file(1_000);
    const first = t.run();
    const new_ = await profiled(() => inBatches(rows, first));
    expect(new_.writes).toBeGreaterThanOrEqual(6);
    for (const onDuplicate of ['skip', 'update', 'create', 'review'] as const) {
      for (const repeatOf of [undefined, first.importId]) {
        const again = await profiled(async () => {
          expect(new Set(await inBatches(rows, t.run({ onDuplicate, repeatOf })))).toEqual(new Set(['unchanged']));
        });
        expect(again.writes).toBe(0);
        // One look a batch, two with the earlier import's rows; people are not even asked for.
        expect(again.reads).toBe(repeatOf ? 6 : 3);
      }
    }
  });

  it('nor without a rule, when it is known as the same file', async () => {
    const form = await t.publish('norule', { ...t.form.content, dedupe: [] });
    const rows = file(2_000, form);
    const first = t.run({ form });
    await inBatches(rows, first);
    const again = await profiled(async () => {
      const outcomes = await inBatches(rows, t.run({ form, repeatOf: first.importId }));
      expect(new Set(outcomes)).toEqual(new Set(['unchanged']));
    });
    expect(again.writes).toBe(0);
  });

  it('a row that is left is left with its person; only what changed is written', async () => {
    const rows = file(3_000);
    await inBatches(rows, t.run());
    const changed = rows.map((row, i) => (i % 50 === 3 ? t.row(row.row, 3_000 + i, { remark: '又改' }) : row));
    const skipped = await profiled(() => inBatches(changed, t.run()));
    expect(skipped.writes).toBe(0);
    const updated = await profiled(async () => {
      const outcomes = await inBatches(changed, t.run({ onDuplicate: 'update' }));
      expect(outcomes.filter((outcome) => outcome === 'updated')).toHaveLength(6);
    });
    // The profiler counts each update of a bulk write; people who say nothing new are not written.
    expect(updated.writes).toBe(6);
  });

  it('a batch of new people is inserted after one look at a few of them', async () => {
    const rows = file(4_000).slice(0, 100);
    const run = t.run();
    const work = await profiled(() => t.write(rows, run));
    expect(work.reads).toBe(2);
    // With a form of its own, about people who are known: they are looked up instead.
    const form = await t.publish('second', { ...t.form.content });
    const known = await profiled(() => t.write(rows, t.run({ form })));
    expect(known.reads).toBe(3);
    expect(new Set((await t.submissions({ formKey: 'second' })).map(({ personId }) => String(personId))).size).toBe(
      100,
    );
  });
});

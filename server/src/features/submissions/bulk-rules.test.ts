import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT_ACTOR } from '../../../test/demo-form.ts';
import { makeImportRows, type ImportRows } from '../../../test/import-rows.ts';
import { createFeatures } from '../index.ts';
import { createClaims } from './submissions.claims.ts';
import { createSubmissionStore } from './submissions.store.ts';
import { createSubmissionCodec } from './submissions.codec.ts';
import { createSubmissionEdit } from './submissions.edit.ts';
import { createSubmissionPresenter } from './submissions.presenter.ts';
import { DUPLICATE_RULES, type ImportedRow } from './submissions.rows.ts';

let t: ImportRows;
beforeAll(async () => {
  t = await makeImportRows();
});
afterAll(() => t.close());

/** What staff do to one submission. */
function staff() {
  const { deps } = t;
  const { audit, forms, people, regions, recordSettings, files } = createFeatures(deps);
  const codec = createSubmissionCodec(deps.cipher, people.indexes.indexesOf, regions.path);
  const parts = {
    audit,
    forms,
    people,
    regions,
    codec,
    recordSettings,
    files,
    assertReferences: async () => undefined,
  };
  const presenter = createSubmissionPresenter({ cipher: deps.cipher, codec, forms, regions: regions.lookup });
  return createSubmissionEdit(deps, { ...parts, presenter }, createSubmissionStore(deps, parts));
}

describe('a row whose values are there already', () => {
  it('`create` makes a second one beside the first, once however often the batch runs', async () => {
    await t.write([t.row(2, 10)], t.run());
    const [first] = await t.submissions({ row: 2 });
    const run = t.run({ onDuplicate: 'create' });
    const rows = [t.row(7, 10, { remark: '另一条' }), t.row(8, 10, { remark: '第三条' }), t.row(9, 11)];
    for (let again = 0; again < 2; again += 1)
      expect(await t.write(rows, run)).toEqual(['inserted', 'duplicate', 'inserted']);
    // In a batch of its own the second row of the file is known by what the first has left.
    expect(await t.write([t.row(10, 10, { remark: '第四条' })], run)).toEqual(['duplicate']);
    const made = await t.submissions({ importId: run.importId });
    expect(made.map(({ row, beside }) => [row, beside && String(beside)])).toEqual([
      [7, String(first!._id)],
      [9, undefined],
    ]);
    expect(made[0]!.dedupeKey).not.toBe(first!.dedupeKey);
    expect(String(made[0]!.personId)).toBe(String(first!.personId));
    // A row that says what is there is no second one.
    expect(await t.write([t.row(2, 10), t.row(3, 11)], t.run({ onDuplicate: 'create' }))).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });

  it('what stands beside another can be edited, removed and restored, and takes no values that are taken', async () => {
    const [beside] = await t.submissions({ beside: { $exists: true } });
    const id = String(beside!._id);
    const answers = (change: object) => ({ ...t.row(0, 10).answers, ...change });
    const edited = await staff().edit(ROOT_ACTOR, id, 1, answers({ remark: '改过的' }));
    expect(edited).toMatchObject({ rev: 2, dedupeKey: beside!.dedupeKey, beside: beside!.beside });
    await staff().remove(ROOT_ACTOR, id, '试一试');
    expect(await staff().restore(ROOT_ACTOR, id)).toMatchObject({ dedupeKey: beside!.dedupeKey });
    const { document } = t.row(0, 11).answers;
    await expect(staff().edit(ROOT_ACTOR, id, 4, answers({ document }))).rejects.toThrow('already_submitted');
    // With values of its own it stands for itself.
    const own = await staff().edit(ROOT_ACTOR, id, 4, answers({ document: t.row(0, 12).answers['document'] }));
    expect(own.beside).toBeUndefined();
    expect(await t.write([t.row(2, 12)], t.run())).toEqual(['duplicate']);
  });

  it('`review` writes nothing and names the submission that is there', async () => {
    await t.write([t.row(2, 20)], t.run());
    const before = [await t.submissions(), await t.people()];
    const run = t.run({ onDuplicate: 'review' });
    const rows = [t.row(2, 20), t.row(3, 20, { remark: '不同' }), t.row(4, 20, { remark: '又不同' })];
    const results = await t.features.submissions.writeMany(rows, run);
    const [holder] = await t.submissions({ row: 2, name: before[0]!.at(-1)!.name });
    expect(results.map(({ outcome }) => outcome)).toEqual(['unchanged', 'review', 'review']);
    for (const result of results) expect(String(result.holder)).toBe(String(holder!._id));
    expect([await t.submissions(), await t.people()]).toEqual(before);
    expect(await t.write([t.row(5, 21), t.row(6, 21, { remark: '同一行' })], run)).toEqual(['inserted', 'duplicate']);
  });

  it('an edit by staff makes a row that was imported before a change again', async () => {
    await t.write([t.row(2, 30)], t.run());
    const doc = (await t.submissions()).at(-1)!;
    await staff().edit(ROOT_ACTOR, String(doc._id), 1, { ...t.row(0, 30).answers, remark: '电话核实' });
    const run = t.run({ onDuplicate: 'update' });
    expect(await t.write([t.row(2, 30)], run)).toEqual(['updated']);
    const after = (await t.submissions()).at(-1)!;
    expect(after).toMatchObject({ rev: 3, answersHash: doc.answersHash });
    expect(t.features.submissions.open(after)).toEqual(t.row(0, 30).answers);
  });
});

describe('the same file again', () => {
  it('without a rule rows are known by what the earlier import wrote, as long as it is there and the same', async () => {
    const form = await t.publish('norule', { ...t.form.content, dedupe: [] });
    const rows = Array.from({ length: 5 }, (_, i) => t.row(i + 2, 100 + i, {}, form));
    const first = t.run({ form });
    await t.write(rows, first);
    const [edited, gone] = await t.submissions({ importId: first.importId });
    await staff().edit(ROOT_ACTOR, String(edited!._id), 1, { ...rows[0]!.answers, remark: '改' });
    await staff().remove(ROOT_ACTOR, String(gone!._id), '试一试');
    const again = t.run({ form, repeatOf: first.importId });
    expect(await t.write(rows, again)).toEqual(['inserted', 'inserted', 'unchanged', 'unchanged', 'unchanged']);
  });

  it('the second of two rows with the same values stays the second', async () => {
    const rows = [t.row(2, 120), t.row(3, 120, { remark: '第二' })];
    const first = t.run({ onDuplicate: 'update' });
    expect(await t.write(rows, first)).toEqual(['inserted', 'duplicate']);
    const again = t.run({ onDuplicate: 'update', repeatOf: first.importId });
    expect(await t.write(rows, again)).toEqual(['unchanged', 'duplicate']);
  });

  it('what was made beside another is found again', async () => {
    await t.write([t.row(2, 130)], t.run());
    const rows = [t.row(4, 130, { remark: '旁边' })];
    const first = t.run({ onDuplicate: 'create' });
    expect(await t.write(rows, first)).toEqual(['inserted']);
    expect(await t.write(rows, t.run({ onDuplicate: 'create', repeatOf: first.importId }))).toEqual(['unchanged']);
  });
});

describe('a check that writes nothing', () => {
  it('comes to what the run comes to, under every rule, over several batches', async () => {
    const file = (first: number): ImportedRow[] =>
      Array.from({ length: 40 }, (_, i) => {
        // A third are there, some of them the same; every fifth comes twice in the file.
        const index = first + (i % 5 === 4 ? i - 4 : i);
        return t.row(i + 2, index, i % 4 === 1 ? { remark: `第${i}行` } : {});
      });
    for (const [at, onDuplicate] of DUPLICATE_RULES.entries()) {
      const first = 1_000 + at * 100;
      const rows = file(first);
      await t.write(
        Array.from({ length: 13 }, (_, i) => t.row(i + 2, first + i * 3)),
        t.run(),
      );
      const run = t.run({ onDuplicate });
      const claims = createClaims();
      const before = (await t.submissions()).length;
      const [said, done]: string[][] = [[], []];
      for (let from = 0; from < rows.length; from += 7)
        for (const { outcome } of await t.features.submissions.judgeMany(rows.slice(from, from + 7), run, claims))
          said!.push(outcome);
      expect((await t.submissions()).length).toBe(before);
      for (let from = 0; from < rows.length; from += 11)
        done!.push(...(await t.write(rows.slice(from, from + 11), run)));
      expect(said).toEqual(done);
      expect(new Set(done).size).toBeGreaterThan(2);
    }
  });

  it('remembers keys by 64 bits of each', () => {
    const claims = createClaims();
    const key = (i: number) => t.deps.cipher.index('test', String(i));
    const keys = Array.from({ length: 50_000 }, (_, i) => key(i));
    for (const one of keys) claims.set(one, {} as never);
    for (const one of keys) claims.set(one, {} as never);
    expect(keys.every((one) => claims.get(one) === null)).toBe(true);
    expect(
      Array.from({ length: 50_000 }, (_, i) => key(-1 - i)).filter((one) => claims.get(one) !== undefined),
    ).toEqual([]);
  });
});

import ExcelJS from 'exceljs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rawTable, tableFile, tableRow } from '../../../test/demo-table.ts';
import { makeImportTest, type ImportTest } from '../../../test/imports.ts';
import { rowsOf } from '../../../test/rows-of.ts';
import { LEASE_MS, takeWork, type Hold } from '../../infra/jobs/index.ts';
import { submissionModel } from '../submissions/index.ts';
import { importModel, type ImportDoc } from './imports.model.ts';
import { createImports } from './index.ts';

class Killed extends Error {
  override name = 'Killed';
}

describe('the rows of an import', () => {
  let test: ImportTest;
  beforeAll(async () => {
    test = await makeImportTest();
  });
  afterAll(() => test.close());

  const run = async (content: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) =>
    test.work((await test.upload(content, fields)).body.id);
  const none = { created: 0, updated: 0, skipped: 0, unchanged: 0, review: 0, failed: 0 };

  it('become submissions and people; what is wrong is kept with its reason', async () => {
    const people = await test.count('people');
    const file = await tableFile([tableRow(1), tableRow(2), tableRow(3, { 手机号: '123' }), tableRow(4, { 姓名: '' })]);
    const done = await run(file);
    expect(done).toMatchObject({ state: 'finished', counts: { ...none, read: 4, created: 2, failed: 2 }, fault: null });
    expect(done.progress).toMatchObject({ rows: 4, rowsPerSecond: 0, secondsLeft: null });
    expect(await test.count('people')).toBe(people + 2);

    const errors = await test.admin.get(`/api/business/imports/${done.id}/errors`);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(errors.body as never);
    const sheet = book.worksheets[0]!;
    const column = (name: string) => {
      for (let at = 1; at <= sheet.columnCount; at += 1) if (sheet.getCell(1, at).text === name) return at;
      throw new Error(`no column ${name}`);
    };
    const isMarked = (row: number, name: string) =>
      (sheet.getCell(row, column(name)).fill as ExcelJS.FillPattern | undefined)?.pattern === 'solid';
    expect([2, 3].map((row) => sheet.getCell(row, column('原行号')).value)).toEqual([4, 5]);
    expect(sheet.getCell(2, column('手机号')).text).toBe('123');
    expect(sheet.getCell(2, column('原因')).text).toMatch(/^手机号：/);
    expect(sheet.getCell(3, column('原因')).text).toMatch(/^姓名：/);
    // Also an empty cell is marked, where it must not be empty.
    expect([isMarked(2, '手机号'), isMarked(2, '姓名'), isMarked(3, '手机号'), isMarked(3, '姓名')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    // Mended, it is a table to import.
    const rows = await rowsOf(errors.body as unknown as Buffer);
    const mended = rows.map((row, at) =>
      row.map((cell, i) =>
        at === 1 && i === column('手机号') - 1 ? '13800138001' : at === 2 && i === column('姓名') - 1 ? '王五' : cell,
      ),
    );
    expect(await run(await rawTable(mended))).toMatchObject({ state: 'finished', counts: { read: 2, created: 2 } });
  });

  it('a file that came before writes nothing', async () => {
    const file = await tableFile([tableRow(10), tableRow(11)]);
    await run(file);
    const before = await test.deps.mongo.collection('submissions').find().sort({ _id: 1 }).toArray();
    const people = await test.deps.mongo.collection('people').find().sort({ _id: 1 }).toArray();
    for (const duplicates of ['skip', 'update', 'review', 'create'])
      expect((await run(file, { duplicates })).counts).toEqual({ ...none, read: 2, unchanged: 2 });
    expect(await test.deps.mongo.collection('submissions').find().sort({ _id: 1 }).toArray()).toEqual(before);
    expect(await test.deps.mongo.collection('people').find().sort({ _id: 1 }).toArray()).toEqual(people);
  });

  it('whose submission is there are left, changed, made a second time or queued', async () => {
    await run(await tableFile([tableRow(20)]));
    const changed = (by: string) => tableFile([tableRow(20, { 紧急联系人姓名: by }), tableRow(Number(by.length) + 20)]);
    const before = await test.count('submissions');
    expect((await run(await changed('甲'))).counts).toEqual({ ...none, read: 2, created: 1, skipped: 1 });
    expect((await run(await changed('乙乙'), { duplicates: 'update' })).counts).toEqual({
      ...none,
      read: 2,
      created: 1,
      updated: 1,
    });
    expect((await run(await changed('丙丙丙'), { duplicates: 'create' })).counts).toEqual({
      ...none,
      read: 2,
      created: 2,
    });
    expect((await run(await changed('丁丁丁丁'), { duplicates: 'review' })).counts).toEqual({
      ...none,
      read: 2,
      created: 1,
      review: 1,
    });
    expect(await test.count('submissions')).toBe(before + 5);
  });

  it('control 24: are not written outside of the region that the importer looks after', async () => {
    const south = await test.staff({
      name: 'south',
      can: ['import.run', 'submission.write', 'person.write'],
      region: '440000',
    });
    // demoAnswers puts 0 into Guangdong and 3 into Beijing.
    const { body } = await test.upload(await tableFile([tableRow(4_800), tableRow(4_803)]), {}, { who: south });
    await test.app.features.imports.worker.drain();
    const done = (await south.get(`/api/business/imports/${body.id}`)).body;
    expect(done).toMatchObject({ state: 'finished', counts: { created: 1, failed: 1 } });
    expect((await south.get(`/api/business/imports`)).body.items).toHaveLength(1);
  });

  it.each([
    [
      'the table of another form',
      () =>
        rawTable([
          ['a', 'b'],
          ['1', '2'],
        ]),
      {},
      'file_wrong_template',
    ],
    ['a table without a row', () => tableFile([]), {}, 'file_empty'],
    ['a table without a row, with a person behind it', () => rawTable([]), { review: 'true' }, 'file_empty'],
    [
      'words that only mean the same, without a person',
      () =>
        rawTable([
          Object.keys(tableRow(1)).map((label) => (label === '手机号' ? '联系电话' : label)),
          Object.values(tableRow(1)),
        ]),
      {},
      'file_wrong_template',
    ],
  ])('ends with a clear message: %s', async (_name, make, fields, code) => {
    const done = await run(await make(), fields as Record<string, string>);
    expect(done).toMatchObject({ state: 'failed', fault: { code }, actions: [] });
    expect(done.fault.message).toMatch(/\p{Script=Han}/u);
    expect(await test.count('storage.files')).toBe(0);
  });

  it('a file that is cut short imports nothing', async () => {
    const whole = await tableFile(Array.from({ length: 200 }, (_, i) => tableRow(6_000 + i)));
    const before = await test.count('submissions');
    const broken = new Uint8Array(whole);
    // Within the packed rows.
    broken.set([0xff, 0xff, 0xff, 0xff], Math.floor(whole.length / 2));
    for (const review of ['false', 'true'])
      expect(await run(broken, { review })).toMatchObject({
        state: 'failed',
        fault: { code: expect.stringMatching(/^file_(corrupt|truncated)$/) },
      });
    expect(await test.count('submissions')).toBe(before);
  });

  it('control 28: a header of prototype names maps to nothing', async () => {
    const labels = Object.keys(tableRow(1));
    const hostile = ['__proto__', 'constructor.prototype', 'a.__proto__.b'];
    const file = await rawTable([
      [...labels, ...hostile],
      [...Object.values(tableRow(70)), 'polluted', 'polluted', 'polluted'],
    ]);
    const { body } = await test.upload(file, { review: 'true' });
    const view = await test.work(body.id);
    expect(view.columns.slice(-3).map(({ field }: { field: string | null }) => field)).toEqual([null, null, null]);
    await test.ask(view.id, 'start');
    expect(await test.work(view.id)).toMatchObject({ state: 'finished', counts: { created: 1 } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('gives a template that comes back without a fault', async () => {
    const answer = await test.admin.get('/api/business/forms/healthDeclaration/versions/1/template');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    const [keys, header] = await rowsOf(answer.body as unknown as Buffer);
    const row = tableRow(5_000);
    const values = header!.map((label) => row[label.replace(/ \*$/, '')]!);
    expect(values.every((value) => value !== undefined)).toBe(true);
    // Filled in: the hidden keys, the labels, a row. (exceljs takes minutes to load lists that reach to the last row.)
    const done = await run(await rawTable([keys!, header!, values]));
    expect(done).toMatchObject({ state: 'finished', counts: { read: 1, created: 1, failed: 0 } });
    expect(done.columns.every(({ guessed }: { guessed: string }) => guessed === 'template')).toBe(true);
  });

  describe('when workers die', () => {
    const BATCH = 40;
    /** As the application's, with checkpoints close together. */
    let imports: ReturnType<typeof createImports>;
    beforeAll(() => {
      imports = createImports(test.deps, { ...test.app.features, batchRows: BATCH });
    });
    beforeEach(async () => {
      for (const name of ['submissions', 'people', 'imports', 'importFaults', 'importReviews'])
        await test.deps.mongo.collection(name).deleteMany({});
    });

    /** New, wrong, twice in the file, there with other answers, there already: in every batch. */
    const ROWS = 100;
    const file = () =>
      tableFile(
        Array.from({ length: ROWS }, (_, i) => {
          if (i % 20 === 7) return tableRow(i, { 手机号: '123' });
          if (i % 20 === 8) return tableRow(i - 5, { 紧急联系人姓名: '又一次' });
          if (i % 20 === 9) return tableRow(i, { 紧急联系人姓名: '改过了' });
          return tableRow(i);
        }),
      );
    const there = () => tableFile([9, 10, 29, 30, 49, 50, 69, 70, 89, 90].map((i) => tableRow(i)));

    /** Everything that an import leaves, without ids and times. */
    async function left(id: string) {
      const { state, counts, fault } = await test.view(id);
      const docs = await submissionModel(test.deps.mongo).find().lean();
      const submissions = docs
        .map((doc) =>
          JSON.stringify([
            doc.row,
            doc.changedBy?.row ?? null,
            doc.rev,
            doc.history.length,
            test.app.features.submissions.open(doc),
          ]),
        )
        .sort();
      const rows = async (name: string, fields: object) =>
        test.deps.mongo
          .collection(name)
          .find()
          .project({ _id: 0, row: 1, ...fields })
          .sort({ row: 1 })
          .toArray();
      const [faults, reviews] = [
        await rows('importFaults', { issues: 1 }),
        await rows('importReviews', { decision: 1 }),
      ];
      return { state, counts, fault, submissions, people: await test.count('people'), faults, reviews };
    }

    /** Takes the import as a worker that dies at its nth write to it: before it is written, or right after. */
    async function dieAt(nth: number, when: 'before' | 'after'): Promise<boolean> {
      const hold = (await takeWork(importModel(test.deps.mongo), {
        clock: test.clock,
        leaseMs: LEASE_MS,
      })) as Hold<ImportDoc>;
      const stop = new AbortController();
      let writes = 0;
      let died = false;
      const mortal =
        <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
        async (...args: A): Promise<R> => {
          writes += 1;
          const last = writes === nth;
          died ||= last;
          if (last && when === 'before') throw new Killed();
          const result = await write(...args);
          if (last) throw new Killed();
          return result;
        };
      Object.assign(hold, { write: mortal(hold.write.bind(hold)), transact: mortal(hold.transact.bind(hold)) });
      await imports.run(hold, stop.signal).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      hold.release();
      return died;
    }

    it.each<[string, object]>([
      ['skip', { created: 80, skipped: 10, unchanged: 5, failed: 5 }],
      ['update', { created: 80, skipped: 5, updated: 5, unchanged: 5, failed: 5 }],
      ['create', { created: 85, skipped: 5, unchanged: 5, failed: 5 }],
      ['review', { created: 80, skipped: 5, review: 5, unchanged: 5, failed: 5 }],
    ])(
      'the next one comes to what an undisturbed run comes to: %s',
      async (duplicates, counts) => {
        const [content, before] = [await file(), await there()];
        const start = async () => {
          for (const name of ['submissions', 'people', 'imports', 'importFaults', 'importReviews'])
            await test.deps.mongo.collection(name).deleteMany({});
          await run(before);
          return (await test.upload(content, { duplicates })).body.id as string;
        };
        const undisturbed = await start();
        await imports.worker.drain();
        const expected = await left(undisturbed);
        expect(expected).toMatchObject({ state: 'finished', counts: { ...none, read: ROWS, ...counts } });

        // What was found, three batches, the end; and there is no sixth write.
        const points = duplicates === 'skip' ? [1, 2, 3, 4, 5] : [3];
        for (const nth of points)
          for (const when of ['before', 'after'] as const) {
            const id = await start();
            expect(await dieAt(nth, when), `write ${nth} is there`).toBe(true);
            test.clock.advance(LEASE_MS + 1_000);
            await imports.worker.drain();
            expect(await left(id), `died ${when} write ${nth}`).toEqual(expected);
          }
        await start();
        expect(await dieAt(6, 'before')).toBe(false);
      },
      120_000,
    );

    it('one that was only thought dead writes nothing any more', async () => {
      const id = (await test.upload(await tableFile([tableRow(3_000)]))).body.id as string;
      const model = importModel(test.deps.mongo);
      const options = { clock: test.clock, leaseMs: LEASE_MS };
      const slow = (await takeWork(model, options)) as Hold<ImportDoc>;
      expect(await takeWork(model, options)).toBeNull();
      test.clock.advance(LEASE_MS + 1_000);
      await test.app.features.imports.worker.drain();
      const before = await left(id);
      await expect(test.app.features.imports.run(slow, slow.signal)).rejects.toThrow('taken over');
      slow.release();
      expect(await left(id)).toEqual(before);
    });

    it('stopping ends after the batch in hand, and leaves the import to anybody at once', async () => {
      const rows = 1_200;
      const content = await tableFile(Array.from({ length: rows }, (_, i) => tableRow(2_000 + i)));
      const { id } = (await test.upload(content)).body;
      const stop = new AbortController();
      const drained = imports.worker.drain(stop.signal);
      await expect.poll(() => test.count('submissions'), { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
      stop.abort();
      await drained;
      const view = await test.view(id);
      expect(view.state).toBe('running');
      expect(view.counts.created).toBe(await test.count('submissions'));
      expect(view.counts.created % BATCH).toBe(0);
      // Nobody looked through the file before: the rows were counted while it was proved to be whole.
      expect(view.progress).toMatchObject({ rows: view.counts.read, total: rows, about: true });
      expect(view.progress.secondsLeft).toBeGreaterThan(0);
      // An estimate that turns out too small is none any more.
      await importModel(test.deps.mongo).updateOne({ _id: id }, { 'progress.total': view.progress.rows });
      expect((await test.view(id)).progress).toMatchObject({ total: null, secondsLeft: null });
      expect(await test.work(id)).toMatchObject({
        state: 'finished',
        counts: { read: rows, created: rows },
        progress: { rows, total: rows, about: false },
      });
    });

    it('a fault of the world is tried again, then told; it can be gone on with', async () => {
      const id = (await test.upload(await tableFile([tableRow(900)]))).body.id;
      const { storage } = test.deps;
      const toFile = storage.toFile.bind(storage);
      storage.toFile = () => Promise.reject(new Error('no room on this disk'));
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        expect(await test.work(id)).toMatchObject({ state: attempt < 5 ? 'inspecting' : 'failed' });
        test.clock.advance(15 * 60_000);
      }
      storage.toFile = toFile;
      expect(await test.view(id)).toMatchObject({ fault: { code: 'internal_error' }, actions: ['resume'] });
      await test.ask(id, 'resume');
      expect(await test.work(id)).toMatchObject({
        state: 'finished',
        counts: { read: 1, created: 1, failed: 0, skipped: 0 },
        fault: null,
      });
    });
  });
});

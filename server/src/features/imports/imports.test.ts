import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ExcelJS from 'exceljs';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { publishForm } from '../../../test/demo-form.ts';
import { rawTable, tableFile, tableRow } from '../../../test/demo-table.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';
import { rowsOf } from '../../../test/rows-of.ts';
import { importModel } from './imports.model.ts';
import { LeaseLost, takeImport } from './lease.ts';

describe('imports', () => {
  let test: TestDeps;
  let app: TestApp;
  let admin: Browser;

  beforeAll(async () => {
    test = await makeDeps();
    app = await makeApp(test.deps);
    await publishForm(app.features);
    await makeStaff(test.deps, app.features, {
      name: 'importer',
      can: ['import.run', 'submission.read', 'submission.write', 'person.read', 'person.write'],
    });
    await makeStaff(test.deps, app.features, {
      name: 'south',
      can: ['import.run', 'submission.write', 'person.write'],
      region: '440000',
    });
    admin = await logInStaff(app, 'importer');
  });
  afterAll(async () => {
    await app.close();
    await test.close();
  });

  const upload = (
    content: Uint8Array<ArrayBuffer>,
    fields: Record<string, string> = {},
    who = admin,
    key: string = crypto.randomUUID(),
  ) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ form: 'healthDeclaration', ...fields })) form.set(name, value);
    form.set('file', new Blob([content]), 'people.xlsx');
    return who.post('/api/business/imports', form, { 'idempotency-key': key });
  };
  const finish = async (id: string) => {
    await app.features.imports.worker.drain();
    return (await admin.get(`/api/business/imports/${id}`)).body;
  };
  const count = (name: string) => test.deps.mongo.collection(name).countDocuments();

  it('turns rows into submissions and people, keeps what is wrong with its reason', async () => {
    const people = await count('people');
    const file = await tableFile([tableRow(1), tableRow(2), tableRow(3, { 手机号: '123' }), tableRow(4, { 姓名: '' })]);
    const accepted = await upload(file);
    expect(accepted).toMatchObject({ status: 202, body: { state: 'waiting', filename: 'people.xlsx' } });
    const done = await finish(accepted.body.id);
    expect(done).toMatchObject({
      state: 'finished',
      counts: { read: 4, created: 2, updated: 0, skipped: 0, failed: 2 },
    });
    expect(await count('people')).toBe(people + 2);

    const errors = await admin.get(`/api/business/imports/${accepted.body.id}/errors`);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(errors.body as never);
    const rows = book.worksheets[0]!.getSheetValues()
      .slice(1)
      .map((row) =>
        (row as unknown[])
          .slice(1)
          .map(
            (cell) => (cell as { richText?: { text: string }[] })?.richText?.map(({ text }) => text).join('') ?? cell,
          ),
      );
    expect(rows[0]).toEqual(expect.arrayContaining(['姓名', '手机号', '原因']));
    expect(String(rows[1]!.at(-1))).toContain('手机号');
    expect(String(rows[2]!.at(-1))).toContain('姓名');
  });

  it('control 51: the same key starts one import, and a second import of the same rows adds nothing', async () => {
    const file = await tableFile([tableRow(10), tableRow(11)]);
    const [first, second] = [await upload(file, {}, admin, 'same-key-1'), await upload(file, {}, admin, 'same-key-1')];
    expect(second.body.id).toBe(first.body.id);
    await finish(first.body.id);
    const before = await count('submissions');
    const again = await finish((await upload(file)).body.id);
    expect(again.counts).toEqual({ read: 2, created: 0, updated: 0, skipped: 2, failed: 0 });
    const update = await finish(
      (
        await upload(await tableFile([tableRow(10, { 疾病名称: '', 备注: '改过了' }), tableRow(11)]), {
          duplicates: 'update',
        })
      ).body.id,
    );
    expect(update.counts).toEqual({ read: 2, created: 0, updated: 1, skipped: 1, failed: 0 });
    expect(await count('submissions')).toBe(before);
  });

  it('leaves every row once when a worker dies between writing a batch and saying so', async () => {
    const before = await count('submissions');
    const accepted = await upload(await tableFile(Array.from({ length: 700 }, (_, i) => tableRow(1_000 + i))));
    let looks = 0;
    const afterOneBatch = {
      get aborted() {
        return looks++ > 0;
      },
    } as AbortSignal;
    await app.features.imports.worker.drain(afterOneBatch);
    const middle = (await admin.get(`/api/business/imports/${accepted.body.id}`)).body;
    expect(middle).toMatchObject({ state: 'running', counts: { read: 500 } });
    // As if the checkpoint had been lost with the process.
    const nothing = { read: 0, created: 0, updated: 0, skipped: 0, failed: 0 };
    await test.deps.mongo
      .collection('imports')
      .updateOne({ state: 'running' }, { $set: { position: 0, counts: nothing } });
    test.clock.advance(21_000);
    const done = await finish(accepted.body.id);
    expect(done).toMatchObject({ state: 'finished', counts: { read: 700, created: 700, failed: 0 } });
    expect(await count('submissions')).toBe(before + 700);
  });

  it('shuts out a worker that was thought dead', async () => {
    await upload(await tableFile([tableRow(3_000)]));
    const imports = importModel(test.deps.mongo);
    const slow = (await takeImport(imports, test.deps.clock))!;
    expect(await takeImport(imports, test.deps.clock)).toBeNull();
    test.clock.advance(21_000);
    const other = (await takeImport(imports, test.deps.clock))!;
    expect(String(other.doc._id)).toBe(String(slow.doc._id));
    await expect(slow.checkpoint(5, slow.doc.counts)).rejects.toThrow(LeaseLost);
    await other.end('cancelled');
  });

  it('control 24: writes no row outside of the region that the importer looks after', async () => {
    const south = await logInStaff(app, 'south');
    // demoAnswers puts 0 into Guangdong and 3 into Beijing.
    const accepted = await upload(await tableFile([tableRow(4_800), tableRow(4_803)]), {}, south);
    await app.features.imports.worker.drain();
    const done = (await south.get(`/api/business/imports/${accepted.body.id}`)).body;
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
      'file_wrong_template',
    ],
    ['a table without a row', () => tableFile([]), 'file_empty'],
  ])('ends with a clear message: %s', async (_name, make, code) => {
    const accepted = await upload(await make());
    const done = await finish(accepted.body.id);
    expect(done).toMatchObject({ state: 'failed', fault: { code } });
    expect(done.fault.message).toMatch(/\p{Script=Han}/u);
  });

  it.each([
    ['an old .xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), [415, 422]],
    ['a web page', Buffer.from('<html><body>not a table</body></html>'), [415]],
    ['a cut zip', Buffer.from('504b0304140000000800', 'hex'), [415, 422]],
  ])('control 34: refuses %s at the door', async (_name, content, statuses) => {
    const answer = await upload(content);
    expect(statuses).toContain(answer.status);
    expect(answer.body.code).toMatch(/^file_/);
  });

  it('control 34: refuses no file, two files, an unknown form and unknown fields', async () => {
    const empty = new FormData();
    empty.set('form', 'healthDeclaration');
    expect((await admin.post('/api/business/imports', empty, { 'idempotency-key': 'no-file-key' })).body.code).toBe(
      'file_missing',
    );
    expect((await upload(await tableFile([tableRow(1)]), { form: 'nothing' })).status).toBe(404);
    expect((await upload(await tableFile([tableRow(1)]), { role: 'admin' })).body.issues[0]).toMatchObject({
      path: 'body.role',
    });
  });

  it('gives a template that comes back without a fault', async () => {
    const answer = await admin.get('/api/business/forms/healthDeclaration/versions/1/template');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    const [keys, header] = await rowsOf(answer.body as unknown as Buffer);
    const row = tableRow(5_000);
    const values = header!.map((label) => row[label.replace(/ \*$/, '')]!);
    expect(values.every((value) => value !== undefined)).toBe(true);
    // Filled in: the hidden keys, the labels, a row. (exceljs takes minutes to load lists that reach to the last row.)
    const done = await finish((await upload(await rawTable([keys!, header!, values]))).body.id);
    expect(done).toMatchObject({ state: 'finished', counts: { read: 1, created: 1, failed: 0 } });
  });
});

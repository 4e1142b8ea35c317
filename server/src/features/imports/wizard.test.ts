import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawTable, tableFile, tableRow } from '../../../test/demo-table.ts';
import { makeImportTest, type ImportTest } from '../../../test/imports.ts';
import { gbk } from '../../../test/gbk.ts';

type Column = { index: number; header: string; field: string | null; guessed: string | null; samples: string[] };

describe('the wizard', () => {
  let test: ImportTest;
  beforeAll(async () => {
    test = await makeImportTest();
  });
  afterAll(() => test.close());

  const at = (id: string, what: string) => `/api/business/imports/${id}/${what}`;
  /** Uploads a table and has it inspected. */
  async function inspected(content: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) {
    const { body } = await test.upload(content, { review: 'true', ...fields });
    return test.work(body.id);
  }
  const named = ({ columns }: { columns: Column[] }) =>
    Object.fromEntries(columns.map(({ header, field, guessed }) => [header, `${field} by ${guessed}`]));
  const map = (view: any, change: object = {}) =>
    test.admin.put(at(view.id, 'mapping'), {
      rev: view.rev,
      sheet: view.sheet,
      headerRow: view.headerRow,
      columns: view.columns.map(({ field }: Column) => field),
      duplicates: view.duplicates,
      ...change,
    });
  /** A table as another system would write it: a title, its own words, values of its own. */
  const foreign = (...rows: Record<string, string>[]) => {
    const words: Record<string, string> = {
      姓名: '人员姓名',
      证件: '身份证号码',
      手机号: '联系电话（必填）',
      现居住地址: '详细地址',
    };
    const labels = Object.keys(tableRow(0));
    return rawTable([
      ['外来人员登记表'],
      [],
      ['序号', ...labels.map((label) => words[label] ?? label)],
      ...rows.map((row, i) => [String(i + 1), ...labels.map((label) => row[label]!)]),
    ]);
  };

  it('waits for a person, with columns guessed by label and by words that mean the same', async () => {
    const view = await inspected(await foreign(tableRow(1), tableRow(2)));
    expect(view).toMatchObject({ state: 'mapping', headerRow: 3, sheet: 0, missing: [], check: null });
    expect(view.sheets).toEqual([{ name: '名单', rows: 4 }]);
    expect(view.actions).toEqual(['map', 'check', 'start', 'cancel']);
    expect(named(view)).toMatchObject({
      序号: 'null by null',
      人员姓名: 'name by synonym',
      身份证号码: 'document by synonym',
      '联系电话（必填）': 'phone by synonym',
      详细地址: 'stay by synonym',
      性别: 'gender by label',
    });
    expect(view.columns[1].samples).toEqual([tableRow(1)['姓名'], tableRow(2)['姓名']]);
  });

  it('knows a column that first holds something far below', async () => {
    const labels = Object.keys(tableRow(0));
    const rows = Array.from({ length: 60 }, (_, n) => labels.map((label) => tableRow(n)[label]!));
    const view = await inspected(await rawTable([labels, ...rows.slice(0, 59), [...rows[59]!, '补充说明']]));
    expect(view.columns.slice(labels.length)).toMatchObject([{ header: '', field: null, samples: [] }]);
  });

  it('shows the first rows as they would be read, with what is wrong in which column', async () => {
    const view = await inspected(await foreign(tableRow(3), tableRow(4, { 手机号: '123' })));
    const { body } = await test.admin.get(at(view.id, 'preview'));
    expect(body.rows.map(({ row }: { row: number }) => row)).toEqual([4, 5]);
    expect(body.rows[0]).toMatchObject({
      issues: [],
      answers: { name: tableRow(3)['姓名'], gender: tableRow(3)['性别'] },
    });
    const phone = view.columns.find(({ field }: Column) => field === 'phone').index;
    expect(body.rows[1].cells[phone]).toBe('123');
    expect(body.rows[1].issues).toEqual([
      { column: phone, field: 'phone', code: 'phone_length', message: expect.stringMatching(/^手机号：/) },
    ]);
    const english = await test.admin.get(at(view.id, 'preview'), { 'accept-language': 'en' });
    expect(english.body.rows[1].issues[0].message).toMatch(/^Mobile number: /);
  });

  it('takes a mapping by hand, says what is missing, and refuses what the form does not have', async () => {
    const view = await inspected(await foreign(tableRow(5)));
    const without = view.columns.map(({ field }: Column) => (field === 'phone' ? null : field));
    const less = (await map(view, { columns: without })).body;
    expect(less).toMatchObject({ missing: ['phone'], actions: ['map', 'cancel'] });
    const refused = await test.admin.post(at(view.id, 'start'));
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'file_wrong_template', params: { missing: '手机号' }, detail: expect.stringContaining('手机号。') },
    });

    const twice = await map(less, { columns: ['name', 'name', 'nonsense'] });
    expect(twice.body.issues.map(({ path, code }: any) => `${path} ${code}`)).toEqual([
      'body.columns.1 duplicate_parameter',
      'body.columns.2 unknown_field',
    ]);
    expect((await map(less, { sheet: 3 })).body.issues).toMatchObject([{ path: 'body.sheet' }]);
    expect((await map(view)).body.code).toBe('edit_conflict');
    // Left out: guessed anew.
    expect((await map(less, { columns: undefined })).body).toMatchObject({ missing: [] });
    expect((await map({ ...less, rev: less.rev + 1 }, { headerRow: 1, columns: undefined })).body).toMatchObject({
      headerRow: 1,
      missing: expect.arrayContaining(['name', 'phone']),
    });
  });

  it('names what is missing in the language of whoever asks', async () => {
    const view = await inspected(await foreign(tableRow(6)));
    await map(view, { columns: view.columns.map(() => null) });
    for (const [locale, list] of [
      ['zh-CN', /^姓名、证件、性别、/],
      ['en', /^Full name, Identity document, Gender, /],
    ] as const) {
      const { body } = await test.admin.post(at(view.id, 'start'), undefined, { 'accept-language': locale });
      expect(body).toMatchObject({ params: { missing: expect.stringMatching(list) } });
      expect(body.detail).toContain(body.params.missing);
    }
  });

  it('asks about texts that are no option, and reads them as they were said', async () => {
    const rows = [
      tableRow(11, { 性别: '男性' }),
      tableRow(12, { 性别: '男性' }),
      tableRow(13, { 性别: '女性' }),
      tableRow(14, { 性别: '男' }),
      tableRow(15, { '目前有以下症状吗？': '' }),
    ];
    const view = await inspected(await foreign(...rows));
    expect(view.values).toEqual([
      { field: 'gender', text: '男性', count: 2, code: null },
      { field: 'gender', text: '女性', count: 1, code: null },
    ]);
    const values = [
      { field: 'gender', text: '男性', code: 'male' },
      { field: 'gender', text: '女性', code: 'female' },
    ];
    expect((await map(view, { values: [{ field: 'gender', text: '男性', code: 'none' }] })).body.issues).toMatchObject([
      { path: 'body.values.0.code', code: 'unknown_option' },
    ]);
    const mapped = (await map(view, { values })).body;
    expect(mapped.values).toMatchObject([
      { text: '男性', code: 'male' },
      { text: '女性', code: 'female' },
    ]);
    await test.ask(view.id, 'check');
    expect((await test.work(view.id)).check).toMatchObject({ read: 5, failed: 0 });
  });

  it('remembers what was mapped by hand, and only that', async () => {
    const table = (row: Record<string, string>) =>
      rawTable([Object.keys(row).map((label) => (label === '姓名' ? '登记对象' : label)), Object.values(row)]);
    const first = await inspected(await table(tableRow(21, { 性别: '先生' })));
    expect(named(first)).toMatchObject({ 登记对象: 'null by null' });
    const columns = first.columns.map(({ field, header }: Column) => (header === '登记对象' ? 'name' : field));
    await map(first, { columns, values: [{ field: 'gender', text: '先生', code: 'male' }] });
    expect(await test.count('importMappings')).toBe(0);
    await test.ask(first.id, 'start');
    // Started: it is what people really meant.
    expect(await test.count('importMappings')).toBe(2);
    expect(await test.work(first.id)).toMatchObject({ state: 'finished', counts: { read: 1, created: 1 } });

    const second = await inspected(await table(tableRow(22, { 性别: '先生' })));
    expect(named(second)).toMatchObject({ 登记对象: 'name by remembered', 性别: 'gender by label' });
    expect(second.values).toEqual([{ field: 'gender', text: '先生', count: 1, code: 'male' }]);
    expect(second.missing).toEqual([]);
  });

  it('looks at all sheets and takes the one that names most fields', async () => {
    const { PassThrough } = await import('node:stream');
    const { buffer } = await import('node:stream/consumers');
    const { createWorkbookWriter } = await import('../../infra/workbook/index.ts');
    const out = new PassThrough();
    const whole = buffer(out);
    const writer = createWorkbookWriter(out);
    for (const [name, rows] of [
      ['说明', [['请填写第二张表']]],
      ['人员', [Object.keys(tableRow(31)), Object.values(tableRow(31)), Object.values(tableRow(32))]],
    ] as const) {
      const sheet = writer.sheet(name, { columns: [] });
      for (const row of rows) await sheet.row(row);
      await sheet.close();
    }
    await writer.close();
    const view = await inspected(new Uint8Array(await whole));
    expect(view).toMatchObject({
      sheet: 1,
      sheets: [
        { name: '说明', rows: 1 },
        { name: '人员', rows: 3 },
      ],
      missing: [],
    });
    const other = (await map(view, { sheet: 0, headerRow: undefined, columns: undefined })).body;
    expect(other).toMatchObject({ sheet: 0, columns: [{ header: '请填写第二张表', field: null }] });
    expect(other.missing.length).toBeGreaterThan(5);
    const back = (await map(other, { sheet: 1, headerRow: undefined, columns: undefined })).body;
    await test.ask(back.id, 'start');
    expect(await test.work(back.id)).toMatchObject({ state: 'finished', counts: { created: 2 } });
  });

  it.each([
    ['UTF-8', (text: string) => new TextEncoder().encode(text)],
    ['UTF-8 with a mark', (text: string) => new TextEncoder().encode(`\ufeff${text}`)],
    ['GBK', (text: string) => gbk(text)],
  ])('reads CSV in %s through the same steps', async (encoding, encode) => {
    const index = 100 + encoding.length;
    const rows = [Object.keys(tableRow(index)), Object.values(tableRow(index))];
    const csv = rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n');
    const view = await inspected(encode(csv) as Uint8Array<ArrayBuffer>);
    expect(view).toMatchObject({ state: 'mapping', missing: [], values: [] });
    const { body } = await test.admin.get(at(view.id, 'preview'));
    expect(body.rows[0]).toMatchObject({ issues: [], answers: { name: tableRow(index)['姓名'] } });
    await test.ask(view.id, 'start');
    expect(await test.work(view.id)).toMatchObject({ state: 'finished', counts: { read: 1, created: 1 } });
  });

  it('what stands in the file is shown to its uploader alone, and only until the import has ended', async () => {
    const other = await test.staff({ name: 'colleague', can: ['import.run'] });
    const view = await inspected(await tableFile([tableRow(50)]));
    const theirs = (await other.get(`/api/business/imports/${view.id}`)).body;
    expect(theirs.columns.flatMap(({ samples }: Column) => samples)).toEqual([]);
    expect(theirs.actions).toEqual(['cancel']);
    expect((await other.get(at(view.id, 'preview'))).status).toBe(403);
    expect((await other.put(at(view.id, 'mapping'), { rev: view.rev, sheet: 0, duplicates: 'skip' })).status).toBe(403);
    expect((await other.post(at(view.id, 'start'))).status).toBe(403);
    await test.ask(view.id, 'start');
    const done = await test.work(view.id);
    expect(done.columns.flatMap(({ samples }: Column) => samples)).toEqual([]);
    expect((await test.admin.get(at(view.id, 'preview'))).body).toMatchObject({
      code: 'conflict',
      params: { state: 'finished' },
    });
    expect(await test.count('importSheets', {})).toBe(await test.count('imports', { state: 'mapping' }));
  });
});

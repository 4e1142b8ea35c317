import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { goodAnswers, publishForm, ROOT_ACTOR } from '../../../test/demo-form.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';
import { rowsOf } from '../../../test/rows-of.ts';

const HOSTILE = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x","y")'];

describe('exports', () => {
  let test: TestDeps;
  let app: TestApp;
  let clerk: Browser;
  let chief: Browser;

  beforeAll(async () => {
    test = await makeDeps();
    app = await makeApp(test.deps);
    await publishForm(app.features);
    const can = ['export.run', 'person.read', 'submission.read'] as const;
    await makeStaff(test.deps, app.features, { name: 'clerk', can: [...can], region: '440000' });
    await makeStaff(test.deps, app.features, { name: 'chief', can: [...can, 'personal.reveal'] });
    await makeStaff(test.deps, app.features, { name: 'reader', can: ['person.read'] });
    clerk = await logInStaff(app, 'clerk');
    chief = await logInStaff(app, 'chief');
    // 0 and 1 live in Guangdong, 3 in Beijing.
    for (const index of [0, 1, 3]) {
      const remark = HOSTILE[index]!;
      await app.features.submissions.create(
        { ...ROOT_ACTOR, requestKey: `export-${index}` },
        { form: 'healthDeclaration', version: 1, answers: goodAnswers(index, { remark }) },
      );
    }
  });
  afterAll(async () => {
    await app.close();
    await test.close();
  });

  it('exports what the caller can read, masked', async () => {
    const answer = await chief.get('/api/business/people/export');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="/);
    const rows = await rowsOf(answer.body);
    expect(rows[0]).toEqual(['姓名', '证件', '手机号', '性别', '出生日期', '所在地区', '住址', '登记时间']);
    expect(rows).toHaveLength(4);
    expect(JSON.stringify(rows)).not.toMatch(/1\d{10}|\d{17}[\dX]/);
  });

  it('control 24: leaves out what lies outside of the region', async () => {
    expect(await rowsOf((await clerk.get('/api/business/people/export')).body)).toHaveLength(3);
    expect(
      await rowsOf((await clerk.get('/api/business/submissions/export?form=healthDeclaration')).body),
    ).toHaveLength(3);
  });

  it('gives clear values only with the right and a reason', async () => {
    expect((await clerk.get('/api/business/people/export?clear=true&reason=核对')).body.code).toBe('forbidden');
    expect((await chief.get('/api/business/people/export?clear=true')).body.issues[0].path).toBe('query.reason');
    const rows = await rowsOf(
      (
        await chief.get(
          `/api/business/people/export?clear=true&reason=${encodeURIComponent('核对名单')}&columns=phone,document`,
        )
      ).body,
    );
    expect(rows[0]).toEqual(['手机号', '证件']);
    expect(JSON.stringify(rows)).toMatch(/1\d{10}/);
  });

  it('control 33: writes no formula, whatever people typed, and keeps the text', async () => {
    const { body } = await chief.get('/api/business/submissions/export?form=healthDeclaration&columns=answers.remark');
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(body as never);
    book.worksheets[0]!.eachRow((row) =>
      row.eachCell((cell) => expect([ExcelJS.ValueType.Formula, ExcelJS.ValueType.Hyperlink]).not.toContain(cell.type)),
    );
    const texts = (await rowsOf(body)).flat();
    for (const index of [0, 1, 3]) expect(texts).toContain(HOSTILE[index]);
  });

  it('refuses unknown columns, and who may read but not export', async () => {
    expect((await chief.get('/api/business/people/export?columns=password')).body.issues[0].path).toBe('query.columns');
    expect((await (await logInStaff(app, 'reader')).get('/api/business/people/export')).status).toBe(403);
  });

  it('control 45: records who exported what, with the number of rows', async () => {
    const records = await test.deps.mongo.collection('audit').find({ action: 'export.finished' }).toArray();
    expect(records.length).toBeGreaterThan(2);
    const detail = test.deps.cipher.openJson(records.at(-1)!['detail'], `audit:${records.at(-1)!._id}`);
    expect(detail).toMatchObject({ rows: expect.any(Number), columns: expect.any(Array) });
  });
});

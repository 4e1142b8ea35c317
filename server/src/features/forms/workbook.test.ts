import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';
import { TEMPLATES } from '../../../shared/forms/templates/index.ts';
import { healthDeclaration } from '../../../shared/demo/healthDeclaration.ts';

let t: TestDeps;
let app: TestApp;
let root: Browser;
const PATH = '/api/business/forms';

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
  await makeStaff(t.deps, app.features, { name: 'root', can: 'superAdmin' });
  root = await logInStaff(app, 'root');
});
afterAll(async () => {
  await app.close();
  await t.close();
});

async function upload(content: Uint8Array<ArrayBuffer> | string, name = 'form.xlsx') {
  const body = new FormData();
  body.set('file', new Blob([content]), name);
  return root.post('/api/business/form-workbooks', body);
}

it('goes out as a workbook and comes back as it was', async () => {
  const forms = [healthDeclaration, ...TEMPLATES.map(({ content }) => content)];
  for (const [at, content] of forms.entries()) {
    await root.post(PATH, { key: `form${at}`, title: content.title, content });
    const file = (await root.get(`${PATH}/form${at}/working-version/workbook`)).body as Uint8Array<ArrayBuffer>;
    expect((await upload(file)).body).toEqual({ content, faults: [] });
  }
});

it('says which cell can’t be understood, and takes a table in other clothes', async () => {
  const table = '行,键名,类型,名称\n步骤,one,,一\n字段,a,text,甲\n奇怪,b,text,乙\n';
  expect((await upload(table, 'form.csv')).body).toEqual({
    content: null,
    faults: [{ row: 4, column: '行', code: 'badCell' }],
  });
  const right = await upload(table.replace('奇怪', ''), 'form.csv');
  expect(right.body.content.steps[0].fields.map(({ key }: { key: string }) => key)).toEqual(['a', 'b']);
});

it('refuses what is no table, and what is too large', async () => {
  expect((await upload('<html><body>no</body></html>')).body.code).toBe('file_html');
  const large = await upload(new Uint8Array(5 * 1024 * 1024));
  expect(large.status).toBe(413);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { ask, exported, fetchFile, look, workOff } from '../../../test/exporting.ts';
import {
  BEIJING_CHAOYANG,
  GUANGDONG,
  makeWorld,
  must,
  newKey,
  SHENZHEN_NANSHAN,
  type World,
} from '../../../test/factories.ts';
import { accountModel } from '../accounts/index.ts';
import { roleModel } from '../roles/index.ts';
import type { FormContent } from '../../../shared/fields/index.ts';

const NUMBERS = /(?<!\d)1\d{10}(?!\d)|\d{17}[\dX]/;
const HOSTILE = '=HYPERLINK("http://x","y")';

/** Two versions of a small form: a field goes, one comes, a label and an option's label change, one becomes sensitive. */
const field = (key: string, more: object = {}) => ({ key, kind: 'text', label: { 'zh-CN': key }, ...more });
const version = (fields: object[]): FormContent =>
  ({ title: { 'zh-CN': '小表' }, steps: [{ key: 'only', title: { 'zh-CN': '一' }, fields }] }) as FormContent;
const choice = (label: string) => ({ kind: 'radio', options: [{ code: 'a', label: { 'zh-CN': label } }] });
const FIRST = version([field('kept'), field('gone'), field('choice', choice('旧')), field('hidden')]);
const SECOND = version([
  field('added'),
  field('kept', { label: { 'zh-CN': '留下的' } }),
  field('choice', choice('新')),
  field('hidden', { sensitive: true }),
]);

describe('an export as a job', () => {
  let world: World;
  let chief: Browser;
  let clerk: Browser;
  const can = ['export.run', 'person.read', 'submission.read', 'submission.write', 'person.write'] as const;

  beforeAll(async () => {
    world = await makeWorld();
    await world.form();
    chief = await world.staff({
      name: 'chief',
      can: [...can, 'personal.reveal', 'form.read', 'form.write', 'form.publish'],
    });
    clerk = await world.staff({ name: 'clerk', can: [...can], region: GUANGDONG });
    for (const region of [SHENZHEN_NANSHAN, SHENZHEN_NANSHAN, BEIJING_CHAOYANG])
      must(
        await chief.post('/api/business/submissions', {
          form: 'healthDeclaration',
          answers: world.answers({ region, remark: HOSTILE }),
        }),
        201,
      );
    must(
      await chief.post('/api/business/forms', { key: 'small', title: FIRST.title, content: FIRST, region: null }),
      201,
    );
    must(await chief.post('/api/business/forms/small/publish', { rev: 1 }), 200);
    const answer = async (answers: object) =>
      must(await chief.post('/api/business/submissions', { form: 'small', answers }), 201);
    await answer({ kept: 'k1', gone: 'g1', choice: 'a', hidden: 'secret one' });
    must(await chief.put('/api/business/forms/small/working-version', { content: SECOND, rev: 1 }), 200);
    must(await chief.post('/api/business/forms/small/publish', { rev: 2 }), 200);
    world.clock.advance(1_000);
    await answer({ kept: 'k2', added: 'a2', choice: 'a', hidden: 'secret two' });
    await answer({ kept: 'k3' });
  }, 60_000);
  afterAll(() => world.close());

  it('waits, is made by a worker, and holds what the requester could read, masked', async () => {
    const asked = await ask(chief, { list: 'people' });
    expect(asked).toMatchObject({
      state: 'waiting',
      rows: { expected: 3, capped: false, written: null },
      approval: null,
      file: null,
      restarts: 0,
      actions: ['cancel'],
    });
    await workOff(world);
    const view = await look(chief, asked.id);
    expect(view).toMatchObject({ state: 'ready', rows: { expected: 3, written: 3 }, snapshots: 1, restarts: 0 });
    expect(view.actions).toEqual(['link']);
    expect(view.file!.name).toBe('人员-2026-11-21.xlsx');
    expect(Date.parse(view.file!.expiresAt) - world.clock().getTime()).toBe(24 * 3_600_000);
    const file = await fetchFile(chief, asked.id);
    expect(file.body).toHaveLength(view.file!.bytes);
    expect((await chief.get('/api/business/exports')).body.items[0]).toEqual(view);
  });

  it('control 24: holds nothing outside of the requester’s region', async () => {
    const { sheets, about } = await exported(world, clerk, {
      list: 'submissions',
      filter: { form: 'healthDeclaration' },
    });
    expect(sheets.map(({ rows }) => rows.length)).toEqual([3]);
    expect(about['总行数']).toBe('2');
    expect((await exported(world, clerk, { list: 'people', filter: { region: '110000' } })).about['总行数']).toBe('0');
  });

  it('control 62: says in the file who had it made, why, when and how many rows it has', async () => {
    const { sheets, about, view } = await exported(world, chief, {
      list: 'people',
      filter: { region: GUANGDONG, phone: '13812345678', deleted: false },
      columns: ['name', 'phone'],
      reason: '核对名单',
    });
    expect(sheets).toHaveLength(1);
    const { _id } = await accountModel(world.deps.mongo).findOne({ name: 'chief' }).orFail();
    expect(about).toMatchObject({
      申请人: 'chief',
      申请人账号编号: String(_id),
      导出编号: view.id,
      列表: '人员',
      '筛选条件：地区': '广东省',
      '筛选条件：手机号': '138****5678',
      '筛选条件：回收站': '否',
      列: '姓名、手机号',
      敏感信息为明文: '否',
      用途: '核对名单',
      重新开始写入的次数: '0',
      '行数：人员': '0',
      总行数: '0',
    });
    expect(about['数据截至']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  });

  it('control 25: shows clear values only with the right, also when the work begins', async () => {
    const masked = await exported(world, chief, { list: 'people' });
    expect(JSON.stringify(masked.sheets)).not.toMatch(NUMBERS);
    const clear = await exported(world, chief, { list: 'people', clear: true });
    expect(JSON.stringify(clear.sheets)).toMatch(NUMBERS);
    expect(clear.about['敏感信息为明文']).toBe('是');
    expect((await clerk.post('/api/business/exports', { list: 'people', reason: '核对', clear: true })).body.code).toBe(
      'forbidden',
    );

    const brief = await world.staff({ name: 'brief', can: ['export.run', 'person.read', 'personal.reveal'] });
    const { id } = await ask(brief, { list: 'people', clear: true });
    await roleModel(world.deps.mongo).updateOne({ _id: 'ofbrief0' }, { $pull: { permissions: 'personal.reveal' } });
    await world.app.features.roles.forget();
    const { _id } = await accountModel(world.deps.mongo).findOne({ name: 'brief' }).orFail();
    const now = () => world.app.features.sessions.staffCaller(String(_id));
    await expect.poll(async () => (await now())?.permissions.has('personal.reveal'), { timeout: 10_000 }).toBe(false);
    await workOff(world);
    const view = await look(brief, id);
    expect(view).toMatchObject({ state: 'failed', fault: { code: 'forbidden' }, file: null });
    expect(view.fault!.message).not.toBe('');
  });

  it('control 33: writes no formula, whatever people typed', async () => {
    const { sheets } = await exported(world, chief, {
      list: 'submissions',
      filter: { form: 'healthDeclaration' },
      columns: ['answers.remark'],
    });
    expect(sheets[0]!.rows.slice(1)).toEqual([[HOSTILE], [HOSTILE], [HOSTILE]]);
  });

  it('puts versions of a form into one sheet with all their columns, each row told by its own version', async () => {
    const { sheets, about } = await exported(world, chief, { list: 'submissions', filter: { form: 'small' } });
    expect(sheets).toHaveLength(1);
    const [head, ...rows] = sheets[0]!.rows.map((row) => row.slice(4));
    expect(head).toEqual(['表单', '登记人', 'added', '留下的', 'choice', 'hidden', 'gone']);
    const texts = rows.map(([form, , ...answers]) => [form, ...answers]);
    expect(texts[0]).toEqual(['small v2', '', 'k3']);
    expect(texts[1]!.slice(0, 4)).toEqual(['small v2', 'a2', 'k2', '新']);
    expect(texts[1]![4]).not.toContain('secret');
    // Nobody called it sensitive when this was filled.
    expect(texts[2]).toEqual(['small v1', '', 'k1', '旧', 'secret one', 'g1']);
    expect(about).toMatchObject({ '其中表单版本 1': '1', '其中表单版本 2': '2', 总行数: '3' });
  });

  it('or into a sheet for each version, with the columns it has', async () => {
    const { sheets, about } = await exported(world, chief, {
      list: 'submissions',
      filter: { form: 'small' },
      versions: 'apart',
      columns: ['answers.gone', 'answers.kept', 'answers.added'],
    });
    expect(sheets).toEqual([
      { name: '第2版', rows: [['留下的', 'added'], ['k3'], ['k2', 'a2']] },
      {
        name: '第1版',
        rows: [
          ['gone', 'kept'],
          ['g1', 'k1'],
        ],
      },
    ]);
    expect(about).toMatchObject({ '行数：第2版': '2', '行数：第1版': '1', 总行数: '3' });
    const one = await exported(world, chief, { list: 'submissions', filter: { form: 'small', version: 1 } });
    expect(one.sheets[0]!.rows).toHaveLength(2);
  });

  it('has the header of columns that no row fills', async () => {
    const columns = ['answers.gone', 'answers.kept'];
    const filter = { form: 'small', version: 2 };
    const asked = await exported(world, chief, { list: 'submissions', filter, columns });
    expect(asked.sheets[0]!.rows).toEqual([
      ['gone', '留下的'],
      ['', 'k3'],
      ['', 'k2'],
    ]);
    const none = await exported(world, chief, { list: 'submissions', filter: { form: 'small', q: '无此人' } });
    expect(none.sheets[0]!.rows).toHaveLength(1);
    expect(none.sheets[0]!.rows[0]).toContain('added');
  });

  it('refuses what the list does not have, all at once, at its place', async () => {
    const refused = async (body: object) =>
      (await chief.post('/api/business/exports', { reason: '核对', ...body })).body.issues.map(
        ({ path, code }: { path: string; code: string }) => `${path} ${code}`,
      );
    expect(await refused({ list: 'people', columns: ['name', 'password', 'x'] })).toEqual([
      'body.columns.1 unknown_option',
      'body.columns.2 unknown_option',
    ]);
    expect(await refused({ list: 'people', filter: { form: 'small', facet: 'a:b' } })).toEqual([
      'body.filter.form unknown_field',
      'body.filter.facet unknown_field',
    ]);
    expect(await refused({ list: 'submissions', filter: { from: '2026-13-01' } })).toEqual([
      'body.filter.from bad_date',
    ]);
    expect(await refused({ list: 'submissions', filter: { facet: 'fever:yes' } })).toEqual([
      'body.filter.form required',
    ]);
  });

  it('control 51: makes one export of one key', async () => {
    const key = newKey();
    const body = { list: 'people', filter: {}, reason: '一次' };
    const first = await chief.post('/api/business/exports', body, { 'idempotency-key': key });
    const again = await chief.post('/api/business/exports', body, { 'idempotency-key': key });
    expect([first.status, again.status, again.body.id]).toEqual([202, 202, first.body.id]);
    await workOff(world);
    expect((await look(chief, first.body.id)).state).toBe('ready');
  });

  it('is nobody else’s to see', async () => {
    const { id } = await ask(chief, { list: 'people' });
    for (const [method, what] of [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/cancel'],
      ['POST', '/link'],
      ['GET', `/file?token=${'x'.repeat(43)}`],
    ] as const)
      expect([what, (await clerk.call(method, `/api/business/exports/${id}${what}`)).status]).toEqual([what, 404]);
    expect((await clerk.get('/api/business/exports')).body.items.map((one: { id: string }) => one.id)).not.toContain(
      id,
    );
    await workOff(world);
  });

  it('bounds how many one account has under way', async () => {
    const eager = await world.staff({ name: 'eager', can: ['export.run', 'person.read'] });
    for (let n = 0; n < 20; n += 1) await ask(eager, { list: 'people' });
    const { status, body } = await eager.post('/api/business/exports', { list: 'people', reason: '再来一个' });
    expect([status, body.code]).toEqual([409, 'too_many_exports']);
    await workOff(world);
    await ask(eager, { list: 'people' });
  });

  it('control 45: records who asked for what, why, and how many rows came of it', async () => {
    const { view } = await exported(world, chief, { list: 'people', reason: '审计核对' });
    const records = await world.deps.mongo
      .collection('audit')
      .find({ 'object.id': view.id })
      .sort({ _id: 1 })
      .toArray();
    const told = records.map(({ _id, action, actor, detail }) => ({
      action,
      by: actor.name,
      detail: detail && world.deps.cipher.openJson<Record<string, unknown>>(detail, `audit:${_id}`),
    }));
    expect(told).toMatchObject([
      { action: 'export.requested', by: 'chief', detail: { reason: '审计核对', rows: 3, list: 'people' } },
      { action: 'export.finished', by: 'chief', detail: { reason: '审计核对', rows: 3, clear: false } },
      { action: 'export.linked', by: 'chief' },
      { action: 'export.downloaded', by: 'chief', detail: { rows: 3, bytes: view.file!.bytes } },
    ]);
  });

  it('control 42: keeps filters, reasons and passwords sealed', async () => {
    await ask(chief, {
      list: 'people',
      filter: { phone: '13899990000' },
      reason: '理由壹贰叁',
      password: 'geheim-4711',
    });
    const stored = JSON.stringify(await world.deps.mongo.collection('exports').find().toArray());
    for (const secret of ['13899990000', '理由壹贰叁', 'geheim-4711']) expect(stored).not.toContain(secret);
    await workOff(world);
  });
});

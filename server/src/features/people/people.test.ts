import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import type { Browser } from '../../../test/browser.ts';
import { once } from '../../../test/demo-form.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';
import { residentIdCheck } from '../../../shared/fields/residentId.ts';
import { auditModel } from '../audit/audit.model.ts';
import { personModel } from './people.model.ts';

let t: TestDeps;
let app: TestApp;
let root: Browser;
const PATH = '/api/business/people';

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

const numberOf = (index: number) => {
  const digits = `44030519900307${String(100 + index)}`;
  return digits + residentIdCheck(digits);
};
const input = (index: number, change: Record<string, unknown> = {}) => ({
  name: `张三${index}`,
  document: { type: 'residentId', number: numberOf(index) },
  phone: `1380000${1000 + index}`,
  address: { region: '440305', detail: '科技园路 1 号 2 栋' },
  ...change,
});
const actions = async (id: string) =>
  (await auditModel(t.deps.mongo).find({ 'object.id': id }).sort({ _id: 1 }).lean()).map(({ action }) => action);

describe('people', () => {
  it('are made with what their document says, and leave masked', async () => {
    const made = await root.post(PATH, input(1));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: '张三1',
      gender: 'male',
      birthDate: '1990-03-07',
      region: '440305',
      regionName: '广东省/深圳市/南山区',
      rev: 1,
      sensitive: ['document', 'phone', 'address'],
    });
    const text = JSON.stringify([
      made.body,
      (await root.get(`${PATH}/${made.body.id}`)).body,
      (await root.get(`${PATH}?q=张三1`)).body,
    ]);
    expect(text).not.toMatch(/1[3-9]\d{9}|\d{17}[\dX]|科技园路/);
    expect(made.body.phone).toBe('138****1001');
  });

  it('control 42: are stored sealed', async () => {
    const { body } = await root.post(PATH, input(2));
    const stored = JSON.stringify(await personModel(t.deps.mongo).findById(body.id).lean());
    for (const value of [numberOf(2), '13800001002', '科技园路', '1990-03-07', numberOf(2).slice(6, 14)])
      expect(stored).not.toContain(value);
    const copied = await personModel(t.deps.mongo).findById(body.id).lean();
    expect(() => app.features.people.open({ ...copied!, _id: { toString: () => '0'.repeat(24) } })).toThrow();
  });

  it('have one document each while they are active', async () => {
    const [first, second] = [await root.post(PATH, input(3)), await root.post(PATH, input(3, { name: '别人' }))];
    expect(second.body).toMatchObject({ status: 409, code: 'conflict' });
    expect((await root.delete(`${PATH}/${first.body.id}`, { reason: '重复登记' })).status).toBe(204);
    const third = await root.post(PATH, input(3, { name: '别人' }));
    expect(third.status).toBe(201);
    expect((await root.post(`${PATH}/${first.body.id}/restore`)).body.code).toBe('conflict');
    await root.delete(`${PATH}/${third.body.id}`, { reason: '登记错误' });
    expect((await root.post(`${PATH}/${first.body.id}/restore`)).body).toMatchObject({ deletedAt: null, rev: 3 });
    expect(await actions(first.body.id)).toEqual(['person.created', 'person.deleted', 'person.restored']);
  });

  it('one of many at once with the same document is made', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => root.post(PATH, input(4))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('are found by the beginning of the name, by phone, by document, by region, in the recycle bin', async () => {
    const { body } = await root.post(PATH, input(5, { name: '欧阳.*海' }));
    const found = async (query: string) =>
      (await root.get(`${PATH}?${query}`)).body.items.map(({ id }: { id: string }) => id) as string[];
    expect(await found('q=欧阳.*')).toEqual([body.id]);
    expect(await found('q=海')).toEqual([]);
    expect(await found('q=.*海')).toEqual([]);
    expect(await found('phone=138 0000 1005')).toEqual([body.id]);
    expect(await found(`document=${numberOf(5)}`)).toEqual([body.id]);
    expect(await found('region=440000')).toContain(body.id);
    expect(await found('region=110000')).toEqual([]);
    await root.delete(`${PATH}/${body.id}`, { reason: '登记错误' });
    expect(await found('phone=13800001005')).toEqual([]);
    expect(await found('phone=13800001005&deleted=true')).toEqual([body.id]);
  });

  it('come in pages that hold still', async () => {
    const seen: string[] = [];
    let query = 'limit=2&count=true';
    for (;;) {
      const { body } = await root.get(`${PATH}?${query}`);
      expect(body.total.count).toBeGreaterThan(0);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (seen.length === 2) await root.post(PATH, input(6));
      if (!body.nextCursor) break;
      query = `limit=2&count=true&cursor=${body.nextCursor}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    for (const cursor of [
      'abc',
      Buffer.from('[1e999,"x"]').toString('base64url'),
      Buffer.from('[1,"zz"]').toString('base64url'),
      Buffer.from('{"$gt":1}').toString('base64url'),
    ]) {
      expect((await root.get(`${PATH}?cursor=${cursor}`)).status).toBe(422);
    }
  });
});

describe('editing a person', () => {
  it('keeps masked values that are left out, removes null, and tells who changed what, masked', async () => {
    const { body: made } = await root.post(PATH, input(10));
    const kept = await root.put(`${PATH}/${made.id}`, { name: '李四', region: '440304', rev: 1 });
    expect(kept.body).toMatchObject({
      name: '李四',
      phone: made.phone,
      document: made.document,
      rev: 2,
      region: '440304',
    });
    const removed = await root.put(`${PATH}/${made.id}`, {
      name: '李四',
      phone: null,
      address: null,
      region: '440304',
      rev: 2,
    });
    expect(removed.body).toMatchObject({
      phone: null,
      address: null,
      document: made.document,
      rev: 3,
      sensitive: ['document'],
    });

    const { body: timeline } = await root.get(`${PATH}/${made.id}/timeline`);
    expect(timeline.items.map(({ action }: { action: string }) => action)).toEqual(['edited', 'edited', 'created']);
    expect(timeline.items[0]).toMatchObject({
      by: { kind: 'staff', name: 'root' },
      changes: [
        { key: 'phone', before: made.phone, after: null },
        { key: 'address', before: made.address, after: null },
      ],
    });
    expect(timeline.items[1].changes[0]).toEqual({ key: 'name', before: '张三10', after: '李四' });
    expect(JSON.stringify(timeline)).not.toContain('13800001010');
  });

  it('refuses a stale rev, wrong values and another’s document', async () => {
    const { body: made } = await root.post(PATH, input(11));
    await root.post(PATH, input(12));
    expect((await root.put(`${PATH}/${made.id}`, { name: '甲', rev: 9 })).body.code).toBe('edit_conflict');
    const wrong = await root.put(`${PATH}/${made.id}`, {
      name: '甲',
      phone: '1',
      birthDate: '1990-02-30',
      region: '999999',
      rev: 1,
    });
    expect(wrong.body.issues.map(({ path }: { path: string }) => path).sort()).toEqual([
      'body.birthDate',
      'body.phone',
      'body.region',
    ]);
    expect((await root.put(`${PATH}/${made.id}`, { name: '甲', document: input(12).document, rev: 1 })).body.code).toBe(
      'conflict',
    );
    const edits = await Promise.all(
      Array.from({ length: 5 }, (_, i) => root.put(`${PATH}/${made.id}`, { name: `甲${i}`, rev: 1 })),
    );
    expect(edits.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(edits.filter(({ status }) => status !== 200).every(({ body }) => body.code === 'edit_conflict')).toBe(true);
  });

  it('control 26: takes no field that is not the caller’s to set', async () => {
    for (const extra of [
      'scope',
      '_id',
      'createdBy',
      'rev',
      'deletedAt',
      'mergedInto',
      'history',
      '__v',
      'documentIndex',
    ]) {
      expect((await root.post(PATH, { ...input(13), [extra]: 'x' })).status).toBe(422);
    }
  });

  it('controls 27, 28: takes no operators and no prototype keys', async () => {
    for (const name of [{ $gt: '' }, { $ne: null }, ['a'], 1, null])
      expect([400, 422]).toContain((await root.post(PATH, { ...input(14), name })).status);
    for (const query of [
      'q[$ne]=x',
      'phone[$gt]=',
      'region[$regex]=.*',
      '__proto__[x]=1',
      'constructor.prototype.x=1',
    ]) {
      expect((await root.get(`${PATH}?${query}`)).status).toBe(422);
    }
    expect((await root.post(PATH, `{"name":"x","__proto__":{"x":1}}`)).status).toBe(400);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

describe('control 25: revealing', () => {
  it('gives the clear values asked for, for a reason, and is recorded', async () => {
    const { body: made } = await root.post(PATH, input(20));
    const shown = await root.post(`${PATH}/${made.id}/reveal`, { fields: ['phone', 'document'], reason: '电话核实' });
    expect(shown.body).toEqual({ values: { phone: '13800001020', document: input(20).document } });
    expect(await actions(made.id)).toEqual(['person.created', 'person.revealed']);
    expect((await root.post(`${PATH}/${made.id}/reveal`, { fields: ['phone'], reason: ' ' })).status).toBe(422);
    expect((await root.post(`${PATH}/${made.id}/reveal`, { fields: ['history'], reason: '电话核实' })).status).toBe(
      422,
    );
  });

  it('is a right of its own', async () => {
    await makeStaff(t.deps, app.features, { name: 'reader', can: ['person.read'] });
    const { body: made } = await root.post(PATH, input(21));
    const reader = await logInStaff(app, 'reader');
    expect((await reader.get(`${PATH}/${made.id}`)).status).toBe(200);
    expect((await reader.post(`${PATH}/${made.id}/reveal`, { fields: ['phone'], reason: '电话核实' })).status).toBe(
      403,
    );
  });
});

describe('control 51: one person per Idempotency-Key', () => {
  it('gives the first answer again', async () => {
    const key = once();
    const [first, again] = [await root.post(PATH, input(30), key), await root.post(PATH, input(30), key)];
    expect(again.body).toEqual(first.body);
    expect((await root.post(PATH, input(31), key)).body.code).toBe('key_reused');
  });
});

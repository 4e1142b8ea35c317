import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tableFile, tableRow } from '../../../test/demo-table.ts';
import { makeImportTest, type ImportTest } from '../../../test/imports.ts';
import { submissionModel } from '../submissions/index.ts';

describe('the queue of an import', () => {
  let test: ImportTest;
  let id: string;
  beforeAll(async () => {
    test = await makeImportTest();
  });
  afterAll(() => test.close());

  const changed = (index: number) =>
    tableRow(index, { 紧急联系人姓名: '改过了', 手机号: `1380000${String(5_000 + index)}` });
  const list = async (query = '', who = test.admin) =>
    (await who.get(`/api/business/imports/${id}/reviews${query}`)).body;
  const decide = (row: number, decision: string, who = test.admin) =>
    who.post(`/api/business/imports/${id}/reviews/${row}`, { decision });
  const submissions = () => submissionModel(test.deps.mongo).find().sort({ _id: 1 }).lean();

  /** Three people who are there, and a file in which they have changed, with one who is new. */
  beforeEach(async () => {
    for (const name of ['submissions', 'people', 'imports', 'importReviews', 'importFaults'])
      await test.deps.mongo.collection(name).deleteMany({});
    await test.work((await test.upload(await tableFile([tableRow(1), tableRow(2), tableRow(3)]))).body.id);
    const file = await tableFile([changed(1), changed(2), tableRow(9), changed(3)]);
    id = (await test.upload(file, { duplicates: 'review' })).body.id;
    await test.work(id);
  });

  it('shows each row beside what is there, masked', async () => {
    const { items, nextCursor } = await list();
    expect(nextCursor).toBeNull();
    expect(items.map(({ row }: { row: number }) => row)).toEqual([2, 3, 5]);
    const [first] = items;
    expect(first).toMatchObject({ decision: null, decidedBy: null, existing: { name: tableRow(1)['姓名'] } });
    const of = (field: string) => first.answers.find((answer: { field: string }) => answer.field === field);
    expect(of('emergencyName')).toMatchObject({ label: '紧急联系人姓名', imported: '改**', differs: true });
    expect(of('gender')).toMatchObject({ differs: false });
    expect(of('phone').differs).toBe(true);
    for (const shown of [of('phone').existing, of('phone').imported]) expect(shown).toMatch(/^1\d\d\*+\d+$/);
    expect(JSON.stringify(items)).not.toMatch(/(?<![\d.])1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)/);
    const page = await list('?limit=2');
    expect(page.items).toHaveLength(2);
    expect((await list(`?limit=2&cursor=${page.nextCursor}`)).items.map(({ row }: { row: number }) => row)).toEqual([
      5,
    ]);
  });

  it('is decided row by row: kept, changed, made a second time; the counts follow and add up', async () => {
    const before = await submissions();
    expect(await decide(2, 'keep')).toMatchObject({ status: 200, body: { decision: 'keep', decidedBy: 'importer' } });
    expect(await submissions()).toEqual(before);
    expect((await decide(3, 'update')).status).toBe(200);
    expect((await decide(5, 'create')).status).toBe(200);
    const after = await submissions();
    expect(after).toHaveLength(before.length + 1);
    const opened = after.map((doc) => test.app.features.submissions.open(doc)['emergencyName']);
    expect(opened.filter((name) => name === '改过了')).toHaveLength(2);
    expect(await test.view(id)).toMatchObject({
      counts: { read: 4, created: 2, updated: 1, skipped: 1, unchanged: 0, review: 0, failed: 0 },
    });
    expect((await list('?open=true')).items).toEqual([]);
    expect((await list('?open=false')).items).toHaveLength(3);
    const recorded = await test.deps.mongo
      .collection('audit')
      .countDocuments({ action: 'import.reviewed', 'object.id': id });
    expect(recorded).toBe(3);
    // All of it is undone with the import.
    await test.ask(id, 'undo');
    expect(await test.work(id)).toMatchObject({ state: 'undone', undone: { removed: 2, restored: 1, kept: 0 } });
    expect((await decide(2, 'keep')).body).toMatchObject({ code: 'conflict', params: { state: 'undone' } });
  });

  it('takes the same decision again, and no other after it; of two at once one counts', async () => {
    const rows = await Promise.all([decide(2, 'update'), decide(2, 'update'), decide(2, 'keep')]);
    const kept = rows[2]!.status === 200;
    expect(rows.filter(({ status }) => status === 200)).toHaveLength(kept ? 1 : 2);
    expect(rows.filter(({ status }) => status === 409)).toHaveLength(kept ? 2 : 1);
    const before = await submissions();
    expect((await decide(2, kept ? 'keep' : 'update')).status).toBe(200);
    expect(await submissions()).toEqual(before);
    expect((await test.view(id)).counts).toMatchObject(kept ? { skipped: 1, review: 2 } : { updated: 1, review: 2 });
    expect((await decide(2, 'create')).body).toMatchObject({ code: 'conflict' });
    expect((await decide(4, 'keep')).status).toBe(404);
  });

  it('a decision that was cut in the middle is carried out when it is made again', async () => {
    await test.deps.mongo
      .collection('importReviews')
      .updateOne({ row: 2 }, { $set: { decision: 'update', decidedBy: 'importer', decidedAt: test.clock() } });
    expect(await list('?open=true')).toMatchObject({ items: [{ row: 2, decision: 'update' }, { row: 3 }, { row: 5 }] });
    // Nobody undoes it at this moment.
    expect((await test.admin.post(`/api/business/imports/${id}/undo`)).body.code).toBe('conflict');
    expect((await decide(2, 'update')).status).toBe(200);
    expect((await test.view(id)).counts).toMatchObject({ updated: 1, review: 2 });
  });

  it('control 24: is decided with the rights of who decides', async () => {
    // 3 lives in Beijing.
    const south = await test.staff({
      name: 'south',
      can: ['submission.read', 'submission.write'],
      region: '440000',
    });
    expect((await list('', south)).status ?? (await south.get(`/api/business/imports/${id}/reviews`)).status).toBe(403);
    const reader = await test.staff({ name: 'reader', can: ['import.run'] });
    const seen = await list('', reader);
    expect(seen.items.every(({ existing }: { existing: unknown }) => existing === null)).toBe(true);
    expect((await decide(2, 'update', reader)).status).toBe(403);
    expect((await list('?open=true')).items[0]).toMatchObject({ row: 2, decision: null });
  });
});

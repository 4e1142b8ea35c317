import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableFile, tableRow } from '../../../test/demo-table.ts';
import { makeImportTest, type ImportTest } from '../../../test/imports.ts';
import { LEASE_MS, takeWork, type Hold } from '../../infra/jobs/index.ts';
import { importModel, type ImportDoc } from './imports.model.ts';
import { createImports } from './index.ts';

const BATCH = 20;
const DAY_MS = 24 * 3_600_000;

describe('steering an import', () => {
  let test: ImportTest;
  /** As the application's, with checkpoints close together. */
  let imports: ReturnType<typeof createImports>;
  beforeAll(async () => {
    test = await makeImportTest();
    imports = createImports(test.deps, { ...test.app.features, batchRows: BATCH });
  });
  afterAll(() => test.close());

  const none = { created: 0, updated: 0, skipped: 0, unchanged: 0, review: 0, failed: 0 };
  const people = (from: number, count: number) =>
    tableFile(Array.from({ length: count }, (_, i) => tableRow(from + i)));
  const upload = async (content: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) =>
    (await test.upload(content, fields)).body.id as string;
  async function mapped(content: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) {
    const id = await upload(content, { review: 'true', ...fields });
    return test.work(id);
  }
  const refused = async (id: string, what: string) =>
    (await test.admin.post(`/api/business/imports/${id}/${what}`)).body;
  const actions = async (id: string) =>
    (await test.deps.mongo.collection('audit').find({ 'object.id': id }).sort({ _id: 1 }).toArray()).map(
      ({ action }) => action as string,
    );
  const take = async () =>
    (await takeWork(importModel(test.deps.mongo), { clock: test.clock, leaseMs: LEASE_MS })) as Hold<ImportDoc>;

  /** A worker takes the import; after its nth checkpoint something happens. */
  async function during(nth: number, happens: () => Promise<unknown>) {
    const hold = await take();
    const write = hold.write.bind(hold);
    let writes = 0;
    hold.write = async (update) => {
      const doc = await write(update);
      writes += 1;
      if (writes === nth) await happens();
      return doc;
    };
    await imports.run(hold, new AbortController().signal);
  }

  describe('checking', () => {
    it('counts what a run then does, and writes nothing', async () => {
      await test.work(await upload(await tableFile([tableRow(1), tableRow(2)])));
      const before = [await test.count('submissions'), await test.count('people')];
      const rows = [
        tableRow(1),
        tableRow(2, { 紧急联系人姓名: '改过了' }),
        tableRow(3),
        tableRow(3, { 紧急联系人姓名: '又一次' }),
        tableRow(4, { 手机号: '1' }),
      ];
      for (const [duplicates, counts] of Object.entries({
        review: { created: 1, unchanged: 1, review: 1, skipped: 1, failed: 1 },
        skip: { created: 1, unchanged: 1, skipped: 2, failed: 1 },
        update: { created: 1, unchanged: 1, updated: 1, skipped: 1, failed: 1 },
      })) {
        const view = await mapped(await tableFile(rows), { duplicates });
        expect((await test.ask(view.id, 'check')).state).toBe('checking');
        const checked = await test.work(view.id);
        expect(checked).toMatchObject({
          state: 'mapping',
          check: { ...none, read: 5, ...counts },
          counts: { ...none, read: 0 },
          progress: { rows: 5, total: 5 },
        });
        expect([await test.count('submissions'), await test.count('people')]).toEqual(before);
        expect(await test.count('importReviews')).toBe(0);
        // What is wrong can be had before anything is written.
        const errors = await test.admin.get(`/api/business/imports/${view.id}/errors`);
        expect(errors.status).toBe(200);
        expect(await test.count('importFaults', { row: 6 })).toBe(1);
        if (duplicates !== 'update') {
          await test.ask(view.id, 'cancel');
          await test.deps.mongo.collection('importFaults').deleteMany({});
          continue;
        }
        await test.ask(view.id, 'start');
        const done = await test.work(view.id);
        expect(done.counts).toEqual(checked.check);
        expect(await test.count('importFaults')).toBe(1);
      }
    });

    it('another mapping makes it count for nothing', async () => {
      const view = await mapped(await people(10, 3));
      await test.ask(view.id, 'check');
      const checked = await test.work(view.id);
      const { body } = await test.admin.put(`/api/business/imports/${view.id}/mapping`, {
        rev: checked.rev,
        sheet: 0,
        duplicates: 'update',
      });
      expect(body).toMatchObject({ check: null, duplicates: 'update' });
      await test.ask(view.id, 'cancel');
    });

    it('begins anew when its worker dies, and comes to the same', async () => {
      const view = await mapped(await people(20, 50));
      await test.ask(view.id, 'check');
      const hold = await take();
      const killed = new Error('killed');
      hold.transact = () => Promise.reject(killed);
      await expect(imports.run(hold, new AbortController().signal)).rejects.toBe(killed);
      hold.release();
      test.clock.advance(LEASE_MS + 1_000);
      expect(await test.work(view.id)).toMatchObject({ state: 'mapping', check: { ...none, read: 50, created: 50 } });
      await test.ask(view.id, 'cancel');
    });
  });

  describe('pausing', () => {
    it('takes effect after the batch in hand; going on comes to what an undisturbed run comes to', async () => {
      const id = await upload(await people(100, 3 * BATCH));
      await during(2, () => test.ask(id, 'pause'));
      const paused = await test.view(id);
      // The first checkpoint is what was found, the second the first batch; the next one obeys.
      expect(paused).toMatchObject({ state: 'paused', counts: { read: 2 * BATCH, created: 2 * BATCH } });
      expect(paused.actions).toEqual(['resume', 'cancel', 'undo']);
      expect(await test.work(id)).toMatchObject({ state: 'paused' });
      await test.ask(id, 'resume');
      expect(await test.work(id)).toMatchObject({ state: 'finished', counts: { read: 3 * BATCH, created: 3 * BATCH } });
      expect(await actions(id)).toEqual(['import.accepted', 'import.paused', 'import.resumed', 'import.finished']);
    });

    it('what no worker has yet stops at once', async () => {
      const view = await mapped(await people(200, 3));
      await test.ask(view.id, 'start');
      expect(await test.ask(view.id, 'pause')).toMatchObject({ state: 'paused', counts: { read: 0 } });
      expect(await test.ask(view.id, 'resume')).toMatchObject({ state: 'running' });
      expect(await test.work(view.id)).toMatchObject({ state: 'finished', counts: { created: 3 } });
    });

    it('a check that is paused goes back to its mapping', async () => {
      const view = await mapped(await people(210, 3));
      await test.ask(view.id, 'check');
      expect(await test.ask(view.id, 'pause')).toMatchObject({ state: 'mapping', check: null });
      expect(await test.ask(view.id, 'cancel')).toMatchObject({ state: 'cancelled', actions: [] });
    });

    it('what was asked while its worker died is obeyed by the next one', async () => {
      const id = await upload(await people(220, 3 * BATCH));
      const hold = await take();
      const killed = new Error('killed');
      const write = hold.write.bind(hold);
      let writes = 0;
      hold.write = async (update) => {
        writes += 1;
        if (writes === 3) throw killed;
        return write(update);
      };
      await expect(imports.run(hold, new AbortController().signal)).rejects.toBe(killed);
      expect(await test.ask(id, 'pause')).toMatchObject({ state: 'running', actions: ['cancel'] });
      hold.release();
      test.clock.advance(LEASE_MS + 1_000);
      expect(await test.work(id)).toMatchObject({ state: 'paused', counts: { read: BATCH } });
      await test.ask(id, 'resume');
      expect(await test.work(id)).toMatchObject({ state: 'finished', counts: { created: 3 * BATCH } });
    });
  });

  describe('cancelling', () => {
    it('ends it after the batch in hand; rows already done stay, the file does not', async () => {
      const id = await upload(await people(300, 3 * BATCH));
      const before = await test.count('submissions');
      await during(2, () => test.ask(id, 'cancel'));
      expect(await test.view(id)).toMatchObject({
        state: 'cancelled',
        counts: { created: 2 * BATCH },
        actions: ['undo'],
      });
      expect(await test.count('submissions')).toBe(before + 2 * BATCH);
      await expect.poll(() => test.count('storage.files')).toBe(0);
      expect(await actions(id)).toEqual(['import.accepted', 'import.cancelled']);
    });

    it('says the state to whoever asks for what is not possible in it', async () => {
      const view = await mapped(await people(400, 2));
      for (const what of ['pause', 'resume', 'undo'])
        expect(await refused(view.id, what)).toMatchObject({ code: 'conflict', params: { state: 'mapping' } });
      expect(await test.ask(view.id, 'cancel')).toMatchObject({ state: 'cancelled', actions: [] });
      await expect.poll(() => test.count('storage.files')).toBe(0);
      for (const what of ['cancel', 'check', 'start', 'resume', 'undo'])
        expect(await refused(view.id, what)).toMatchObject({ code: 'conflict', params: { state: 'cancelled' } });
    });

    it('of a thousand clicks one counts', async () => {
      const view = await mapped(await people(410, 2));
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => test.admin.post(`/api/business/imports/${view.id}/start`)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
      const key = { 'idempotency-key': 'start-of-an-import' };
      const other = await mapped(await people(420, 2));
      const starts = [
        await test.admin.post(`/api/business/imports/${other.id}/start`, undefined, key),
        await test.admin.post(`/api/business/imports/${other.id}/start`, undefined, key),
      ];
      expect(starts.map(({ status }) => status)).toEqual([200, 200]);
      await imports.worker.drain();
      expect((await actions(other.id)).filter((action) => action === 'import.started')).toHaveLength(1);
    });
  });

  describe('undoing', () => {
    const submissionOf = (row: number, importId: string) =>
      test.deps.mongo
        .collection('submissions')
        .findOne({ row, importId: new (importModel(test.deps.mongo).base.Types.ObjectId)(importId) });

    it('takes back what it wrote, gives back what it changed, and leaves what somebody has touched since', async () => {
      await test.work(await upload(await people(500, 2)));
      const before = [await test.count('submissions'), await test.count('people')];
      const rows = [
        tableRow(500, { 紧急联系人姓名: '改过了' }),
        ...Array.from({ length: 45 }, (_, i) => tableRow(501 + i)),
      ];
      const id = await upload(await tableFile(rows), { duplicates: 'update' });
      const done = await test.work(id);
      expect(done).toMatchObject({ counts: { created: 44, updated: 1, unchanged: 1 } });
      expect(done.actions).toEqual(['undo']);
      const touched = (await submissionOf(10, id))!;
      const view = (await test.admin.get(`/api/business/submissions/${String(touched._id)}`)).body;
      const answers = { ...view.answers };
      for (const key of view.sensitive) delete answers[key];
      answers.emergencyName = '后来改的';
      expect((await test.admin.put(`/api/business/submissions/${view.id}`, { answers, rev: view.rev })).status).toBe(
        200,
      );

      expect(await test.ask(id, 'undo')).toMatchObject({ state: 'undoing', progress: { total: 45 } });
      const undone = await test.work(id);
      expect(undone).toMatchObject({ state: 'undone', undone: { removed: 43, restored: 1, kept: 1 }, actions: [] });
      expect([await test.count('submissions'), await test.count('people')]).toEqual([before[0]! + 1, before[1]! + 1]);
      expect(await actions(id)).toEqual(['import.accepted', 'import.finished', 'import.undoing', 'import.undone']);
      // And then it may come again.
      const again = await upload(await tableFile(rows), { duplicates: 'update' });
      expect((await test.view(again)).repeatOf).toBeNull();
      expect((await test.work(again)).counts).toMatchObject({ created: 43, updated: 2, unchanged: 1 });
    });

    it('killed at any of its writes, the next worker comes to the same counts', async () => {
      for (const nth of [1, 2, 3]) {
        const id = await upload(await people(600, 30));
        await test.work(id);
        await test.ask(id, 'undo');
        const hold = await take();
        const killed = new Error('killed');
        const transact = hold.transact.bind(hold);
        let parts = 0;
        hold.transact = async (work) => {
          parts += 1;
          const result = await transact(work);
          if (parts === nth) throw killed;
          return result;
        };
        await imports.run(hold, new AbortController().signal).catch((error: unknown) => expect(error).toBe(killed));
        hold.release();
        expect(parts).toBe(nth);
        test.clock.advance(LEASE_MS + 1_000);
        expect(await test.work(id)).toMatchObject({ state: 'undone', undone: { removed: 30, restored: 0, kept: 0 } });
      }
    });

    it('is for those who may write submissions, with their own rights', async () => {
      const id = await upload(await people(700, 3));
      await test.work(id);
      const reader = await test.staff({ name: 'reader', can: ['import.run', 'submission.read'] });
      expect((await reader.post(`/api/business/imports/${id}/undo`)).body.code).toBe('forbidden');
      const elsewhere = await test.staff({ name: 'elsewhere', can: ['submission.write'], region: '110000' });
      expect((await elsewhere.post(`/api/business/imports/${id}/undo`)).status).toBe(403);
      const colleague = await test.staff({
        name: 'colleague',
        can: ['import.run', 'submission.write', 'person.write'],
      });
      expect((await colleague.post(`/api/business/imports/${id}/undo`)).status).toBe(200);
      expect(await test.work(id)).toMatchObject({ state: 'undone', undone: { removed: 3 } });
    });
  });

  describe('with time', () => {
    /** The daily job, as its worker runs it. */
    const expire = () =>
      imports.jobs[0]!.run({ scheduledAt: test.clock(), signal: new AbortController().signal } as never);

    it('an import can’t be undone any more, and its rows and files are gone', async () => {
      const done = await upload(await tableFile([tableRow(800), tableRow(801, { 手机号: '1' })]));
      await test.work(done);
      const waiting = await mapped(await people(810, 2));
      const { _id } = await importModel(test.deps.mongo)
        .findOneAndUpdate(
          { state: 'finished' },
          { $set: { fileId: '65f0c0ffee0ddba11ca7b0a7' } },
          { sort: { _id: -1 } },
        )
        .orFail();
      await test.deps.mongo
        .collection('importUploads')
        .insertOne({ _id: '65f0c0ffee0ddba11ca7b0a8' as never, at: test.clock() });
      test.clock.advance(29 * DAY_MS);
      expect(await expire()).toMatchObject({ uploads: 1, files: 1, cancelled: 0, expired: 0 });
      expect((await importModel(test.deps.mongo).findById(_id).orFail()).fileId).toBeNull();
      expect(await test.count('importFaults')).toBeGreaterThan(0);

      test.clock.advance(2 * DAY_MS);
      const counts = await expire();
      expect(counts['cancelled']).toBe(1);
      expect(counts['expired']).toBeGreaterThan(5);
      for (const name of ['importFaults', 'importReviews', 'importSheets', 'importUploads', 'storage.files'])
        expect(await test.count(name), name).toBe(0);
      const docs = await importModel(test.deps.mongo).find().lean();
      const { state, expiredAt } = docs.find(({ _id: one }) => String(one) === done)!;
      expect({ state, expiredAt }).toEqual({ state: 'finished', expiredAt: test.clock() });
      expect(docs.find(({ _id: one }) => String(one) === waiting.id)!.state).toBe('cancelled');
      expect(await expire()).toMatchObject({ uploads: 0, files: 0, cancelled: 0 });
    });
  });
});

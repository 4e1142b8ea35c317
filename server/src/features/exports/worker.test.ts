import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { ask, fetchFile, look, workOff } from '../../../test/exporting.ts';
import { makeWorld, must, type World } from '../../../test/factories.ts';
import { logInStaff } from '../../../test/logins.ts';
import { sheetsOf } from '../../../test/rows-of.ts';
import type { Storage } from '../../infra/storage/index.ts';
import { takeWork } from '../../infra/jobs/index.ts';
import { exportModel } from './exports.model.ts';

/** The longest wait between two attempts. */
const MINUTES_10 = 600_000;
const LEASE = 20_000;

describe('the worker that makes exports', () => {
  let world: World;
  let clerk: Browser;
  let names: string[];
  const exports = () => exportModel(world.deps.mongo);
  const docOf = (id: string) => exports().findById(id).orFail().lean();
  const stored = async () => [
    await world.deps.mongo.collection('storage.files').countDocuments(),
    await world.deps.mongo.collection('storage.chunks').countDocuments(),
  ];
  const namesIn = async (id: string) => {
    const sheets = await sheetsOf((await fetchFile(clerk, id)).body);
    return { names: sheets[0]!.rows.slice(1).map(([name]) => name), about: Object.fromEntries(sheets.at(-1)!.rows) };
  };
  const newcomer = async (name: string) => {
    world.clock.advance(1_000);
    must(await world.person(clerk, { name }), 201);
  };
  /** Lets `put` do something else, for as long as `during` runs. */
  async function withPut<T>(put: (ours: Storage['put']) => Storage['put'], during: () => Promise<T>): Promise<T> {
    const { storage } = world.deps;
    const before = storage.put;
    storage.put = put(before);
    try {
      return await during();
    } finally {
      storage.put = before;
    }
  }

  beforeAll(async () => {
    world = await makeWorld();
    await world.staff({ name: 'clerk', can: ['export.run', 'person.read', 'person.write'] });
  }, 60_000);
  beforeEach(async () => {
    clerk = await logInStaff(world.app, 'clerk');
    for (const name of ['people', 'exports', 'storage.files', 'storage.chunks'])
      await world.deps.mongo.collection(name).deleteMany({});
    names = ['丙', '乙', '甲'];
    for (const name of [...names].reverse()) await newcomer(name);
  });
  afterAll(() => world.close());

  it('takes over from a dead worker: the same data, one file, nothing left of the first', async () => {
    const { id } = await ask(clerk, { list: 'people', columns: ['name'] });
    // It wrote a part of a file and died: no more heartbeat, no word.
    const hold = await takeWork(exports(), { clock: world.clock, leaseMs: LEASE });
    const first = world.deps.storage.newId();
    await world.deps.storage.put(Readable.from([Buffer.alloc(600_000)]), {
      id: first,
      name: 'x',
      contentType: 'x',
      maxBytes: 1e9,
      purpose: 'export',
    });
    await world.deps.mongo.collection('storage.files').deleteMany({});
    const at = await clusterTime();
    await hold!.write({ $set: { pieces: first, snapshot: at, startedAt: world.clock(), snapshots: 1 } });
    hold!.release();
    await newcomer('丁');
    await world.deps.mongo.collection('people').deleteOne({ name: '甲' });

    await workOff(world);
    expect((await look(clerk, id)).state).toBe('running');
    world.clock.advance(LEASE);
    await workOff(world);
    expect(await look(clerk, id)).toMatchObject({ state: 'ready', restarts: 1, snapshots: 1, rows: { written: 3 } });
    const file = await namesIn(id);
    expect(file.names).toEqual(names);
    expect(file.about['重新开始写入的次数']).toBe('1');
    expect((await stored())[0]).toBe(1);
    expect(await world.deps.mongo.collection('storage.chunks').countDocuments({ files_id: oid(first) })).toBe(0);
  });

  it('reads at a new time when the first one is too long ago, and says so', async () => {
    const { id } = await ask(clerk, { list: 'people', columns: ['name'] });
    const at = await clusterTime();
    const long = new world.deps.mongo.base.mongo.Timestamp({ t: at.getHighBits() - 2 * 3_600, i: 1 });
    await exports().updateOne({ _id: id }, { $set: { snapshot: long, snapshots: 1, startedAt: world.clock() } });
    await newcomer('丁');
    await workOff(world);
    expect(await look(clerk, id)).toMatchObject({ state: 'ready', snapshots: 2, restarts: 1 });
    const { names: found, about } = await namesIn(id);
    expect(found).toEqual(['丁', ...names]);
    expect(about['最初的数据快照已过期，改用了更晚的时间；次数']).toBe('1');

    const second = await ask(clerk, { list: 'people' });
    await exports().updateOne({ _id: second.id }, { $set: { snapshot: long, snapshots: 3, startedAt: world.clock() } });
    await workOff(world);
    expect(await look(clerk, second.id)).toMatchObject({ state: 'failed', fault: { code: 'snapshot_expired' } });
  });

  it('tries again after a fault from the same data, and gives up after five', async () => {
    const { id } = await ask(clerk, { list: 'people', columns: ['name'], password: 'kept until then' });
    let broken = 0;
    const breaking = (): Storage['put'] => async (stream, options) => {
      broken += 1;
      // After the first bytes, in the middle of the writing.
      for await (const _piece of stream) break;
      throw new Error(`no room for ${options.name}`);
    };
    await withPut(breaking, () => workOff(world));
    await newcomer('丁');
    expect(await look(clerk, id)).toMatchObject({ state: 'waiting', fault: null });
    expect((await docOf(id)).password).not.toBeNull();
    await withPut(breaking, async () => {
      while (broken < 4) {
        world.clock.advance(MINUTES_10);
        await workOff(world);
      }
    });
    expect((await docOf(id)).faults).toBe(4);
    world.clock.advance(MINUTES_10);
    clerk = await logInStaff(world.app, 'clerk');
    await withPut(breaking, () => workOff(world));
    expect(await look(clerk, id)).toMatchObject({ state: 'failed', fault: { code: 'internal_error' }, file: null });
    expect((await docOf(id)).password).toBeNull();
    expect(await stored()).toEqual([0, 0]);
    const failed = await world.deps.mongo.collection('audit').findOne({ action: 'export.failed', 'object.id': id });
    expect(failed).toMatchObject({ outcome: 'failed' });
  });

  it('gives an export up at once when its requester does: no file, no pieces', async () => {
    const { id } = await ask(clerk, { list: 'people' });
    await withPut(
      (ours) => async (stream, options) => {
        const doc = await docOf(id);
        expect([doc.work.state, doc.pieces]).toEqual(['running', options.id]);
        must(await clerk.post(`/api/business/exports/${id}/cancel`), 200);
        return ours(stream, options);
      },
      () => workOff(world),
    );
    expect(await look(clerk, id)).toMatchObject({ state: 'cancelled', file: null, actions: [] });
    expect(await stored()).toEqual([0, 0]);
  });

  it('gives back what it has in hand when the process stops', async () => {
    const { id } = await ask(clerk, { list: 'people' });
    const stop = new AbortController();
    await withPut(
      (ours) => (stream, options) => {
        stop.abort();
        return ours(stream, options);
      },
      () => world.app.features.exports.worker().drain(stop.signal),
    );
    expect(await look(clerk, id)).toMatchObject({ state: 'waiting', restarts: 0 });
    expect(await stored()).toEqual([0, 0]);
    await workOff(world);
    expect(await look(clerk, id)).toMatchObject({ state: 'ready', restarts: 1 });
  });

  it('puts the workbook into a zip that opens with the password only, and forgets the password', async () => {
    const password = 'a pass-phrase 4711';
    const { id } = await ask(clerk, { list: 'people', columns: ['name'], password });
    await workOff(world);
    const view = await look(clerk, id);
    expect(view.file!.name).toBe(`人员-${'2026-11-21'}.zip`);
    expect((await docOf(id)).password).toBeNull();
    const { body, headers } = await fetchFile(clerk, id);
    expect(headers.get('content-type')).toBe('application/zip');
    const zip = (given: string) =>
      new ZipReader(new Uint8ArrayReader(new Uint8Array(body)), { password: given, useWebWorkers: false });
    const open = async (given: string) => {
      const [entry] = (await zip(given).getEntries()) as FileEntry[];
      return entry!.getData(new Uint8ArrayWriter());
    };
    await expect(open('something else')).rejects.toThrow(/password/i);
    const sheets = await sheetsOf(await open(password));
    expect(sheets[0]!.rows.slice(1).map(([name]) => name)).toEqual(names);
  });

  it('makes no unprotected file of one that was to have a password', async () => {
    const { id } = await ask(clerk, { list: 'people', password: 'long enough' });
    await exports().updateOne({ _id: id }, { $set: { password: null } });
    await workOff(world);
    expect(await look(clerk, id)).toMatchObject({ state: 'failed', file: null });
    expect(await stored()).toEqual([0, 0]);
  });

  it('tells the state as events, and of a change whoever comes back knowing the one before', async () => {
    const { id } = await ask(clerk, { list: 'people' });
    const events = async (known = '') => {
      const { body, headers } = await clerk.get(`/api/business/exports/${id}/events`, { 'last-event-id': known });
      expect(headers.get('content-type')).toMatch(/^text\/event-stream/);
      const text = String(body);
      return {
        states: [...text.matchAll(/^data: (.*)$/gm)].map(
          ([, data = '']) => (JSON.parse(data) as { state: string }).state,
        ),
        last: [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
      };
    };
    const before = await events();
    expect(before.states).toEqual(['waiting']);
    expect((await events(before.last)).states).toEqual([]);
    await workOff(world);
    const after = await events(before.last);
    expect(after.states).toEqual(['ready']);
    expect((await events(after.last)).states).toEqual([]);
  });

  const oid = (id: string) => new world.deps.mongo.base.Types.ObjectId(id);
  async function clusterTime() {
    const hello = await world.deps.mongo.getClient().db('admin').command({ hello: 1 });
    return hello['lastWrite'].majorityOpTime.ts as InstanceType<typeof world.deps.mongo.base.mongo.Timestamp>;
  }
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { ask, look, workOff } from '../../../test/exporting.ts';
import { makeWorld, must, type World } from '../../../test/factories.ts';
import { logInStaff } from '../../../test/logins.ts';
import { exportModel } from './exports.model.ts';

const HOUR = 3_600_000;

describe('what becomes of exports with time', () => {
  let world: World;
  let clerk: Browser;
  const expire = () => world.app.features.exports.expire();
  const files = async () => [
    await world.deps.mongo.collection('storage.files').countDocuments(),
    await world.deps.mongo.collection('storage.chunks').countDocuments(),
  ];
  const later = async (ms: number) => {
    world.clock.advance(ms);
    clerk = await logInStaff(world.app, 'clerk');
  };

  beforeAll(async () => {
    world = await makeWorld({ config: { exportHours: 2, exportApprovalRows: 1 } });
    clerk = await world.staff({ name: 'clerk', can: ['export.run', 'person.read', 'person.write'] });
    must(await world.person(clerk), 201);
  }, 60_000);
  afterAll(() => world.close());

  it('removes a file when its time has come, once, and keeps what the export was', async () => {
    const { id } = await ask(clerk, { list: 'people' });
    await workOff(world);
    expect(await files()).not.toEqual([0, 0]);
    await later(2 * HOUR - 1);
    expect(await expire()).toEqual({ expired: 0, removed: 0, forgotten: 0 });
    await later(1);
    const both = await Promise.all([expire(), expire()]);
    expect(both.reduce((sum, { removed = 0 }) => sum + removed, 0)).toBeGreaterThan(0);
    expect(await files()).toEqual([0, 0]);
    expect(await look(clerk, id)).toMatchObject({ state: 'expired', file: null, rows: { written: 1 }, actions: [] });
    const records = await world.deps.mongo.collection('audit').countDocuments({ action: 'export.expired' });
    expect(records).toBe(1);
    expect(await expire()).toEqual({ expired: 0, removed: 0, forgotten: 0 });
  });

  it('goes on after it died between the document and the file', async () => {
    const { id } = await ask(clerk, { list: 'people' });
    await workOff(world);
    const { storage } = world.deps;
    const { remove } = storage;
    storage.remove = () => Promise.reject(new Error('gone'));
    await later(2 * HOUR);
    await expect(expire()).rejects.toThrow('gone');
    storage.remove = remove;
    expect((await look(clerk, id)).state).toBe('expired');
    expect(await files()).not.toEqual([0, 0]);
    expect(await expire()).toEqual({ expired: 0, removed: 1, forgotten: 0 });
    expect(await files()).toEqual([0, 0]);
  });

  it('ends an export that nobody approves for a week, and its password with it', async () => {
    must(await world.person(clerk), 201);
    const { id, state } = await ask(clerk, { list: 'people', password: 'long enough' });
    expect(state).toBe('waiting_approval');
    await later(7 * 24 * HOUR - 1);
    await expire();
    expect((await look(clerk, id)).state).toBe('waiting_approval');
    await later(1);
    expect(await expire()).toMatchObject({ expired: 1 });
    expect((await look(clerk, id)).state).toBe('expired');
    expect((await exportModel(world.deps.mongo).findById(id).orFail()).password).toBeNull();
    await workOff(world);
    expect(await files()).toEqual([0, 0]);
  });

  it('forgets exports of half a year ago, which have no file any more', async () => {
    expect(await exportModel(world.deps.mongo).countDocuments()).toBe(3);
    await later(180 * 24 * HOUR);
    expect(await expire()).toEqual({ expired: 0, removed: 0, forgotten: 3 });
  });

  it('runs by the clock', () => {
    const [job] = world.app.features.exports.jobs;
    expect(job).toMatchObject({ name: 'export-expiry', missed: 'latest' });
    expect(job!.ticks.next(new Date('2026-11-21T02:01:00Z'))!.toISOString()).toBe('2026-11-21T02:10:00.000Z');
  });
});

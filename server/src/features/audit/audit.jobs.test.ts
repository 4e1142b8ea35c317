import { afterEach, describe, expect, it } from 'vitest';
import { makeWorld, type World } from '../../../test/factories.ts';
import { runJob } from '../../../test/jobs.ts';

const DAY = 24 * 3_600_000;

describe('control 47: how long the audit is kept', () => {
  let world: World;
  afterEach(() => world.close());
  const records = (filter: object) => world.deps.mongo.collection('audit').countDocuments(filter);
  const addRecord = async (object: string) =>
    world.app.features.audit.record({
      caller: { kind: 'system' },
      action: 'form.created',
      object: { type: 'form', id: object },
    });

  it('179 days and more: there; what is older than AUDIT_DAYS goes, and that is on record', async () => {
    world = await makeWorld({ config: { auditDays: 180 } });
    const begin = world.clock();
    await addRecord('old');
    world.clock.advance(1);
    await addRecord('young');
    world.clock.set(new Date(begin.getTime() + 179 * DAY));
    expect((await runJob(world.app.features, 'old-audit')).result).toEqual({ removed: 0 });
    world.clock.set(new Date(begin.getTime() + 180 * DAY));
    expect((await runJob(world.app.features, 'old-audit')).result).toEqual({ removed: 0 });
    world.clock.advance(1);
    const { result } = await runJob(world.app.features, 'old-audit');
    expect(result!['removed']).toBeGreaterThan(0);
    expect(await records({ 'object.id': 'old' })).toBe(0);
    expect(await records({ 'object.id': 'young' })).toBe(1);
    expect(await records({ action: 'audit.expired', 'actor.kind': 'system' })).toBe(1);
  });

  it('for ever where AUDIT_DAYS is not set: no job removes a record, in ten years', async () => {
    world = await makeWorld();
    const { cron } = world.app.features.schedules;
    expect(cron.jobs.find(({ name }) => name === 'old-audit')?.off).toMatchObject({
      en: expect.stringContaining('for ever'),
    });
    await addRecord('old');
    const before = await records({});
    for (const worker of cron.workers) await worker.drain();
    world.clock.advance(3_650 * DAY);
    for (const worker of cron.workers) await worker.drain();
    const ran = await world.deps.mongo.collection('cronRuns').countDocuments({ 'work.state': 'done' });
    expect(ran).toBeGreaterThanOrEqual(cron.jobs.filter(({ off, missed }) => !off && missed !== 'skip').length);
    expect(await world.deps.mongo.collection('cronRuns').countDocuments({ 'work.state': { $ne: 'done' } })).toBe(0);
    expect(await records({})).toBeGreaterThanOrEqual(before);
    expect(await records({ 'object.id': 'old' })).toBe(1);
  });
});

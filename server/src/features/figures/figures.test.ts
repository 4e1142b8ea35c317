import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEIJING_CHAOYANG, makeWorld, must, SHENZHEN_NANSHAN, type World } from '../../../test/factories.ts';
import { logInStaff } from '../../../test/logins.ts';
import { dailyFiguresModel } from './figures.model.ts';

const HOUR = 3_600_000;

describe('daily figures', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
    // 23:50 in Shanghai.
    world.clock.set('2026-11-21T15:50:00Z');
    await world.form();
  });
  afterAll(() => world.close());

  const look = async () => {
    for (const worker of world.app.features.schedules.cron.workers) await worker.drain();
  };
  const stored = async () =>
    (await dailyFiguresModel(world.deps.mongo).find().sort({ _id: 1 }).lean()).map(({ _id, all, regions }) => ({
      _id,
      all,
      regions,
    }));

  it('count a day of Shanghai by form, status and every level of region; again they come to the same', async () => {
    await look();
    const root = await world.staff({ name: 'root' });
    const add = async (region: string) =>
      must(
        await root.post('/api/business/submissions', { form: 'healthDeclaration', answers: world.answers({ region }) }),
        201,
      ).body.id as string;
    await add(SHENZHEN_NANSHAN);
    await add(BEIJING_CHAOYANG);
    const gone = await add(SHENZHEN_NANSHAN);
    must(await root.delete(`/api/business/submissions/${gone}`, { reason: '重复' }), 204);
    // The next day begins.
    world.clock.set('2026-11-21T16:00:00Z');
    await add(SHENZHEN_NANSHAN);
    world.clock.set('2026-11-21T16:20:00Z');
    await look();

    const forms = {
      _id: '2026-11-21/healthDeclaration',
      all: { submitted: 2, deleted: 1 },
      regions: {
        '110000': { submitted: 1 },
        '110100': { submitted: 1 },
        '110105': { submitted: 1 },
        '440000': { submitted: 1, deleted: 1 },
        '440300': { submitted: 1, deleted: 1 },
        '440305': { submitted: 1, deleted: 1 },
      },
    };
    const [people, submissions] = await stored();
    // Municipalities have no level of cities in the register; whatever levels there are count.
    const levels = Object.fromEntries(Object.entries(forms.regions).filter(([code]) => submissions!.regions[code]));
    expect(submissions).toEqual({ ...forms, regions: levels });
    expect(Object.keys(levels)).toEqual(expect.arrayContaining(['110000', '110105', '440000', '440300', '440305']));
    expect(people).toMatchObject({ _id: '2026-11-21/', all: { registered: 3 } });
    expect(people!.regions['440305']).toEqual({ registered: 2 });

    const before = await stored();
    await world.deps.mongo
      .collection('schedules')
      .updateOne({ _id: 'daily-figures' as never }, { $set: { planned: new Date('2026-11-21T15:00:00Z') } });
    await world.deps.mongo.collection('cronRuns').deleteMany({ job: 'daily-figures' });
    await look();
    expect(
      await world.deps.mongo.collection('cronRuns').countDocuments({ job: 'daily-figures', 'work.state': 'done' }),
    ).toBe(1);
    expect(await stored()).toEqual(before);
  });

  it('of days that nobody was there for are counted afterwards', async () => {
    world.clock.advance(72 * HOUR);
    await logInStaff(world.app, 'root');
    await look();
    const runs = await world.deps.mongo
      .collection('cronRuns')
      .find({ job: 'daily-figures' })
      .sort({ _id: 1 })
      .toArray();
    expect(runs.map(({ scheduledAt }) => scheduledAt.toISOString().slice(0, 16))).toEqual([
      '2026-11-21T16:15',
      '2026-11-22T16:15',
      '2026-11-23T16:15',
      '2026-11-24T16:15',
    ]);
    expect((await stored()).map(({ _id }) => _id)).toEqual([
      '2026-11-21/',
      '2026-11-21/healthDeclaration',
      '2026-11-22/',
      '2026-11-22/healthDeclaration',
    ]);
  });
});

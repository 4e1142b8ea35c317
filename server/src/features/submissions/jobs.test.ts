import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, must, type World } from '../../../test/factories.ts';
import { runJob } from '../../../test/jobs.ts';
import { logInStaff } from '../../../test/logins.ts';

const DAY = 24 * 3_600_000;
const REASON = { reason: '重复登记' };

describe('what is kept for a while only', () => {
  let world: World;
  let root: Browser;
  const ids = async (collection: string) =>
    (
      await world.deps.mongo
        .collection(collection)
        .find({}, { projection: { _id: 1 } })
        .toArray()
    ).map(({ _id }) => String(_id));
  const purged = async (type: string) =>
    (
      await world.deps.mongo
        .collection('audit')
        .find({ action: `${type}.purged` })
        .sort({ at: 1 })
        .toArray()
    ).map(({ object, actor }) => {
      expect(actor).toMatchObject({ kind: 'system' });
      return object.id as string;
    });
  const later = async (days: number) => {
    world.clock.advance(days * DAY + 1);
    root = await logInStaff(world.app, 'root');
  };
  const run = async (job: string) => (await runJob(world.app.features, job)).result;
  const submit = async (citizen: Browser) => must(await world.submit(citizen), 201).body.id as string;
  const add = async () =>
    must(await root.post('/api/business/submissions', { form: 'healthDeclaration', answers: world.answers() }), 201)
      .body as { id: string; personId: string };

  beforeAll(async () => {
    world = await makeWorld({ config: { draftDays: 30, recycleDays: 90, passwordProfile: 'asvs' } });
    root = await world.staff({ name: 'root' });
    await world.form();
  });
  afterAll(() => world.close());

  it('drafts go after 30 days without a save, and no day sooner', async () => {
    const draft = { version: 1, answers: {}, step: 0 };
    const path = '/api/citizen/forms/healthDeclaration/draft';
    const [one, two] = [await world.citizen('13500020001'), await world.citizen('13500020002')];
    must(await one.put(path, { ...draft, rev: 0 }), 200);
    world.clock.advance(1);
    must(await two.put(path, { ...draft, rev: 0 }), 200);
    world.clock.advance(30 * DAY - 1);
    expect(await run('expired-drafts')).toEqual({ removed: 0 });
    world.clock.advance(1);
    expect(await run('expired-drafts')).toEqual({ removed: 1 });
    world.clock.advance(1);
    expect(await run('expired-drafts')).toEqual({ removed: 1 });
    expect(await ids('drafts')).toEqual([]);
  });

  it('the recycle bin is emptied after 90 days, each on record; what was restored stays', async () => {
    await later(0);
    const citizen = await world.citizen('13500020003');
    const [kept, deleted, restored] = [await submit(citizen), (await add()).id, (await add()).id];
    for (const id of [deleted, restored]) must(await root.delete(`/api/business/submissions/${id}`, REASON), 204);
    await later(89);
    expect(await run('purged-submissions')).toEqual({ removed: 0 });
    must(await root.post(`/api/business/submissions/${restored}/restore`), 200);
    await later(1);
    expect(await run('purged-submissions')).toEqual({ removed: 1 });
    expect((await ids('submissions')).toSorted()).toEqual([kept, restored].toSorted());
    expect(await purged('submission')).toEqual([deleted]);
    expect((await root.get(`/api/business/submissions/${deleted}`)).status).toBe(404);
  });

  it('people go with their links, but not while a record or another person names them', async () => {
    const people = world.deps.mongo.collection('people');
    const named = await add();
    const gone = must(await world.person(root), 201).body.id as string;
    const merged = must(await world.person(root), 201).body.id as string;
    const { Types } = world.deps.mongo.base;
    const link = { accountId: 'a', personId: new Types.ObjectId(gone), relation: 'self', createdAt: world.clock() };
    await world.deps.mongo.collection('personLinks').insertOne(link);
    await people.updateOne(
      { _id: new Types.ObjectId(named.personId) },
      { $set: { mergedInto: new Types.ObjectId(merged) } },
    );
    for (const id of [named.personId, gone, merged]) must(await root.delete(`/api/business/people/${id}`, REASON), 204);
    await later(91);
    expect(await run('purged-people')).toEqual({ removed: 1 });
    expect(await purged('person')).toEqual([gone]);
    expect(await ids('people')).toEqual(expect.arrayContaining([named.personId, merged]));
    expect(await world.deps.mongo.collection('personLinks').countDocuments({ personId: link.personId })).toBe(0);

    // The last that named them goes: so do they, one night after the other.
    must(await root.delete(`/api/business/submissions/${named.id}`, REASON), 204);
    await later(91);
    expect(await run('purged-submissions')).toEqual({ removed: 1 });
    expect(await run('purged-people')).toEqual({ removed: 1 });
    world.clock.advance(1);
    expect(await run('purged-people')).toEqual({ removed: 1 });
    expect(await purged('person')).toEqual([gone, named.personId, merged]);
  });

  it('records that a release without lists has written are listed', async () => {
    await add();
    const records = world.deps.mongo.collection('submissions');
    const lists = () =>
      records
        .find({}, { projection: { listed: 1 } })
        .sort({ _id: 1 })
        .toArray();
    const before = await lists();
    for (const { listed } of before) expect(listed.length).toBeGreaterThan(1);
    await records.updateMany({}, { $unset: { listed: 1 } });
    expect(await run('record-lists')).toEqual({ changed: before.length });
    expect(await lists()).toEqual(before);
    world.clock.advance(1);
    expect(await run('record-lists')).toEqual({ changed: 0 });
  });
});

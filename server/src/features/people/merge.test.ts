import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { BEIJING_CHAOYANG, GUANGDONG, makeWorld, must, SHENZHEN_NANSHAN, type World } from '../../../test/factories.ts';

const PEOPLE = '/api/business/people';

describe('merging people who are one', () => {
  let world: World;
  let root: Browser;
  beforeAll(async () => {
    world = await makeWorld();
    await world.form();
    root = await world.staff({ name: 'root' });
  });
  afterAll(() => world.close());

  const person = async (id: string) => must(await root.get(`${PEOPLE}/${id}`), 200).body;
  const recordsOf = async (id: string): Promise<string[]> =>
    must(await root.get(`/api/business/submissions?person=${id}`), 200).body.items.map((one: { id: string }) => one.id);
  /** Two entries for one person, each with a record, the second of a citizen. */
  async function pair() {
    const citizen = await world.citizen();
    const answers = world.answers({ region: SHENZHEN_NANSHAN, name: '重名人' });
    const first = must(await root.post('/api/business/submissions', { form: 'healthDeclaration', answers }), 201).body;
    const other = world.answers({ region: SHENZHEN_NANSHAN, name: '重名人', phone: answers['phone'] });
    const { id } = must(await world.submit(citizen, { answers: other }), 201).body;
    const second = must(await root.get(`/api/business/submissions/${id}`), 200).body;
    return { citizen, kept: first.personId as string, duplicate: second.personId as string, first, second };
  }
  async function merge(duplicate: string, kept: string, take: string[] = [], who = root) {
    const [from, into] = [await person(duplicate), await person(kept)];
    return who.post(`${PEOPLE}/${duplicate}/merge`, {
      into: kept,
      rev: from.rev,
      intoRev: into.rev,
      take,
      reason: '同一个人',
    });
  }

  it('duplicates are found by name and phone', async () => {
    const { kept, duplicate } = await pair();
    const { items } = must(await root.get(`${PEOPLE}/${kept}/duplicates`), 200).body;
    const found = items.find((one: { person: { id: string } }) => one.person.id === duplicate);
    expect(found.same).toEqual(expect.arrayContaining(['name', 'phone']));
    expect(items[0].person.id).toBe(duplicate);
  });

  it('records and accounts go over, chosen facts too; all of it comes back', async () => {
    const { citizen, kept, duplicate, first, second } = await pair();
    const before = [await person(kept), await person(duplicate)];
    must(await merge(duplicate, kept, ['birthDate', 'document']), 200);
    const after = await person(kept);
    expect(after.document).toBe(before[1].document);
    expect((await recordsOf(kept)).sort()).toEqual([first.id, second.id].sort());
    expect(await person(duplicate)).toMatchObject({ mergedInto: kept });
    expect((await person(duplicate)).deletedAt).not.toBeNull();
    // Not to be brought back by halves.
    expect((await root.post(`${PEOPLE}/${duplicate}/restore`)).status).toBe(409);
    const links = () => world.deps.mongo.collection('personLinks').find({}).toArray();
    expect((await links()).map(({ personId }) => String(personId))).toContain(kept);
    expect((await citizen.get(`/api/citizen/submissions/${second.id}`)).status).toBe(200);

    const [entry] = must(await root.get(`${PEOPLE}/${kept}/merges`), 200).body.items;
    expect(entry).toMatchObject({ from: duplicate, into: kept, submissions: 1, undoable: true });
    must(await root.post(`/api/business/person-merges/${entry.id}/undo`), 200);
    const strip = ({ rev: _rev, updatedAt: _at, ...rest }: Record<string, unknown>) => rest;
    expect([strip(await person(kept)), strip(await person(duplicate))]).toEqual(before.map(strip));
    expect(await recordsOf(kept)).toEqual([first.id]);
    expect(await recordsOf(duplicate)).toEqual([second.id]);
    expect((await links()).map(({ personId }) => String(personId))).toContain(duplicate);
    expect((await root.post(`/api/business/person-merges/${entry.id}/undo`)).status).toBe(404);
  });

  it('what was changed since stays changed by an undo', async () => {
    const { kept, duplicate } = await pair();
    must(await merge(duplicate, kept, ['birthDate']), 200);
    const now = await person(kept);
    must(
      await root.put(`${PEOPLE}/${kept}`, {
        name: '改过名',
        gender: now.gender,
        birthDate: '1999-09-09',
        region: now.region,
        rev: now.rev,
      }),
      200,
    );
    const [entry] = must(await root.get(`${PEOPLE}/${kept}/merges`), 200).body.items;
    must(await root.post(`/api/business/person-merges/${entry.id}/undo`), 200);
    expect(await person(kept)).toMatchObject({ name: '改过名', birthDate: '1999-09-09' });
  });

  it('two who merge at once: one is told', async () => {
    const { kept, duplicate } = await pair();
    const [from, into] = [await person(duplicate), await person(kept)];
    const body = { into: kept, rev: from.rev, intoRev: into.rev, take: [], reason: '同一个人' };
    const both = await Promise.all([1, 2].map(() => root.post(`${PEOPLE}/${duplicate}/merge`, body)));
    const statuses = both.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect(statuses[1]).toBeGreaterThanOrEqual(404);
  });

  it('takes rights over both (24)', async () => {
    const { kept, duplicate } = await pair();
    const clerk = await world.staff({
      can: ['person.read', 'person.write', 'person.merge', 'person.delete'],
      region: GUANGDONG,
    });
    const away = must(await world.person(root, { region: BEIJING_CHAOYANG }), 201).body;
    expect((await merge(duplicate, away.id, [], clerk)).status).toBe(404);
    expect((await merge(away.id, kept, [], clerk)).status).toBe(404);
    expect((await clerk.get(`${PEOPLE}/${away.id}/duplicates`)).status).toBe(404);
    expect((await clerk.get(`${PEOPLE}/${away.id}/merges`)).status).toBe(404);
    must(await merge(duplicate, kept, [], clerk), 200);
    expect((await merge(kept, kept)).status).toBe(409);
  });
});

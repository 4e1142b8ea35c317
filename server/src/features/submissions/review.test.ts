import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import {
  GUANGDONG,
  makeWorld,
  must,
  newKey,
  BEIJING_CHAOYANG,
  SHENZHEN_NANSHAN,
  type World,
} from '../../../test/factories.ts';

const FORM = 'healthDeclaration';
const PATH = '/api/business/submissions';

describe('review of records', () => {
  let world: World;
  let root: Browser;
  let reviewer: Browser;
  let citizen: Browser;

  beforeAll(async () => {
    world = await makeWorld();
    await world.form();
    root = await world.staff({ name: 'root' });
    reviewer = await world.staff({
      name: 'reviewer',
      can: ['submission.read', 'submission.review'],
      region: GUANGDONG,
    });
    citizen = await world.citizen();
    must(
      await root.put(`/api/business/record-settings/${FORM}`, {
        rules: [],
        review: true,
        editHours: 2,
        sorts: [],
        rev: 0,
      }),
      200,
    );
  });
  afterAll(() => world.close());

  const send = async (answers: Record<string, unknown> = {}) => {
    const sent = world.answers({ region: SHENZHEN_NANSHAN, ...answers });
    const { id } = must(await world.submit(citizen, { answers: sent }), 201).body;
    return { id: id as string, answers: sent };
  };
  const own = async (id: string) => must(await citizen.get(`/api/citizen/submissions/${id}`), 200).body;
  const decide = (id: string, body: object, who = reviewer) => who.post(`${PATH}/${id}/review`, body);
  const correct = (id: string, body: object) =>
    citizen.put(`/api/citizen/submissions/${id}`, body, { 'idempotency-key': newKey() });

  it('the queue holds what waits, and nothing else', async () => {
    const { id } = await send();
    const queue = async () =>
      must(await reviewer.get(`${PATH}?queue=true`), 200).body.items.map((one: { id: string }) => one.id);
    expect(await queue()).toContain(id);
    must(await decide(id, { decision: 'accept', rev: 1 }), 200);
    expect(await queue()).not.toContain(id);
    expect((await own(id)).status).toBe('accepted');
  });

  it('a returned one says why, is corrected, and waits again', async () => {
    const { id, answers } = await send();
    expect((await decide(id, { decision: 'return', rev: 1 })).status).toBe(422);
    must(await decide(id, { decision: 'return', rev: 1, reason: '请补充住址' }), 200);
    const seen = await own(id);
    expect(seen).toMatchObject({ status: 'returned', mayCorrect: true, correctUntil: null, rev: 2 });
    expect(seen.review).toMatchObject({ decision: 'return', reason: '请补充住址' });
    const bad = await correct(id, { answers: { ...answers, phone: '1' }, rev: 2 });
    expect([bad.status, bad.body.issues[0].path]).toEqual([422, 'answers.phone']);
    const sent = must(await correct(id, { answers: { ...answers, name: '改正名' }, rev: 2 }), 200).body;
    expect(sent).toMatchObject({ status: 'submitted', review: null, rev: 3 });
    expect(sent.history.map(({ action }: { action: string }) => action)).toEqual([
      'submitted',
      'returned',
      'corrected',
    ]);
    const staff = must(await reviewer.get(`${PATH}/${id}`), 200).body;
    expect(staff).toMatchObject({ status: 'submitted', name: '改正名' });
    expect(staff.history[0].changes).toEqual([{ key: 'name', before: answers['name'], after: '改正名' }]);
  });

  it('of two who decide at once one is told', async () => {
    const { id } = await send();
    const both = await Promise.all([
      decide(id, { decision: 'accept', rev: 1 }),
      decide(id, { decision: 'reject', rev: 1, reason: '材料不符' }, root),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('a correction that comes after the decision is refused, and keeps nothing', async () => {
    const { id, answers } = await send();
    must(await decide(id, { decision: 'accept', rev: 1 }), 200);
    const late = await correct(id, { answers, rev: 1 });
    expect([late.status, late.body.code]).toEqual([409, 'edit_conflict']);
    expect((await correct(id, { answers, rev: 2 })).body.code).toBe('conflict');
    expect((await own(id)).status).toBe('accepted');
  });

  it('a rejected one frees its place, and takes it again only while it is free', async () => {
    const { id, answers } = await send();
    must(await decide(id, { decision: 'reject', rev: 1, reason: '材料不符' }), 200);
    const again = must(await world.submit(citizen, { answers }), 201).body;
    expect((await decide(id, { decision: 'accept', rev: 2 })).body.code).toBe('already_submitted');
    must(await citizen.post(`/api/citizen/submissions/${again.id}/withdraw`), 200);
    must(await decide(id, { decision: 'accept', rev: 2 }), 200);
  });

  it('nobody decides what is out of reach, or was taken back; citizens decide nothing', async () => {
    const away = await send({ region: BEIJING_CHAOYANG });
    expect((await decide(away.id, { decision: 'accept', rev: 1 })).status).toBe(404);
    const { id } = await send();
    must(await citizen.post(`/api/citizen/submissions/${id}/withdraw`), 200);
    expect((await decide(id, { decision: 'accept', rev: 2 })).body.code).toBe('conflict');
    expect((await decide(id, { decision: 'accept', rev: 2 }, citizen)).status).toBe(401);
    const other = await world.citizen();
    expect(
      (await other.put(`/api/citizen/submissions/${id}`, { answers: {}, rev: 2 }, { 'idempotency-key': newKey() }))
        .status,
    ).toBe(404);
  });

  it('many are decided each by itself', async () => {
    const [one, two, away] = [await send(), await send(), await send({ region: BEIJING_CHAOYANG })];
    const { body } = must(
      await reviewer.post(`${PATH}/reviews`, {
        items: [
          { id: one.id, rev: 1 },
          { id: two.id, rev: 7 },
          { id: away.id, rev: 1 },
        ],
        decision: 'accept',
      }),
      200,
    );
    expect(body.done).toEqual([one.id]);
    expect(body.failed).toEqual([
      { id: two.id, code: 'edit_conflict' },
      { id: away.id, code: 'not_found' },
    ]);
    const deleted = must(
      await root.post(`${PATH}/deletions`, { items: [{ id: two.id, rev: 1 }], reason: '重复' }),
      200,
    ).body;
    expect(deleted).toEqual({ done: [two.id], failed: [] });
  });

  it('what was sent may be changed for the hours that the form allows', async () => {
    const { id, answers } = await send();
    expect((await own(id)).mayCorrect).toBe(true);
    must(await correct(id, { answers: { ...answers, name: '早改名' }, rev: 1 }), 200);
    // Longer than a session of staff lives: nothing comes after this.
    world.clock.advance(3 * 3_600_000);
    expect((await own(id)).mayCorrect).toBe(false);
    expect((await correct(id, { answers, rev: 2 })).status).toBe(409);
  });
});

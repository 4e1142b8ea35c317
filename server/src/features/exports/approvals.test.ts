import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { ask, exported, look, workOff } from '../../../test/exporting.ts';
import { BEIJING_CHAOYANG, GUANGDONG, makeWorld, must, SHENZHEN_NANSHAN, type World } from '../../../test/factories.ts';
import { sheetsOf } from '../../../test/rows-of.ts';

/** Instead of 10,000. */
const LIMIT = 3;
const APPROVE = { decision: 'approve', reason: '同意用于核对' };

describe('control 62: many rows leave only with another person’s approval', () => {
  let world: World;
  let clerk: Browser;
  let chief: Browser;
  const can = ['export.run', 'person.read', 'person.write', 'submission.read'] as const;
  const decide = (browser: Browser, id: string, body: object = APPROVE) =>
    browser.post(`/api/business/exports/${id}/approve`, body);
  const waiting = async (browser: Browser) =>
    (must(await browser.get('/api/business/exports/approvals'), 200).body.items as { id: string }[]).map(
      ({ id }) => id,
    );
  const files = () => world.deps.mongo.collection('storage.files').countDocuments();

  beforeAll(async () => {
    world = await makeWorld({ config: { exportApprovalRows: LIMIT } });
    clerk = await world.staff({ name: 'clerk', can: [...can, 'personal.reveal'] });
    chief = await world.staff({ name: 'chief', can: [...can, 'export.approve'] });
    for (const region of [SHENZHEN_NANSHAN, SHENZHEN_NANSHAN, SHENZHEN_NANSHAN, BEIJING_CHAOYANG])
      must(await world.person(clerk, { region }), 201);
  }, 60_000);
  afterAll(() => world.close());

  it('without it: no file from a job, none by a direct download; up to the limit nobody is asked', async () => {
    expect(world.deps.config.exportApprovalRows).toBe(LIMIT);
    const { id, ...asked } = await ask(clerk, { list: 'people' });
    expect(asked).toMatchObject({
      state: 'waiting_approval',
      rows: { expected: LIMIT + 1 },
      approval: { decision: null, by: null },
      actions: ['cancel'],
    });
    await workOff(world);
    expect((await look(clerk, id)).state).toBe('waiting_approval');
    expect(await files()).toBe(0);
    const direct = await clerk.get('/api/business/people/export');
    expect([direct.status, direct.body.code]).toEqual([403, 'approval_needed']);
    await expect
      .poll(() => world.deps.mongo.collection('audit').countDocuments({ action: 'access.denied' }), { timeout: 5_000 })
      .toBe(1);
    expect((await clerk.get(`/api/business/people/export?region=${GUANGDONG}`)).status).toBe(200);
    const few = await exported(world, clerk, { list: 'people', filter: { region: GUANGDONG } });
    expect(few.view).toMatchObject({ approval: null, rows: { written: LIMIT } });
  });

  it('who approves is another person with the right, and the file names both', async () => {
    const { id } = await ask(chief, { list: 'people', reason: '自己批自己' });
    expect((await decide(chief, id)).status).toBe(404);
    expect(await waiting(chief)).not.toContain(id);
    expect((await decide(clerk, id)).status).toBe(403);
    const second = await world.staff({ name: 'second', can: [...can, 'export.approve'] });
    expect(await waiting(second)).toContain(id);
    const { body } = must(await decide(second, id), 200);
    expect(body).toMatchObject({
      state: 'waiting',
      approval: { decision: 'approved', by: 'second', reason: APPROVE.reason },
      requester: { name: 'chief' },
      actions: [],
    });
    expect((await decide(second, id)).body.code).toBe('conflict');
    await workOff(world);
    expect(await look(chief, id)).toMatchObject({ state: 'ready', rows: { written: LIMIT + 1 } });
    const { url } = must(await chief.post(`/api/business/exports/${id}/link`), 200).body as { url: string };
    const sheets = await sheetsOf((await chief.get(url)).body);
    expect(sheets.at(-1)!.rows).toEqual(
      expect.arrayContaining([
        ['申请人', 'chief'],
        ['审批人', 'second'],
      ]),
    );
  });

  it('nobody approves what is out of their own reach, or clear values that they may not see', async () => {
    const regional = await world.staff({ name: 'regional', can: [...can, 'export.approve'], region: GUANGDONG });
    const { id } = await ask(clerk, { list: 'people' });
    // The export itself belongs to everywhere: a region's administrator does not even see it.
    expect([await waiting(regional), (await decide(regional, id)).status]).toEqual([[], 404]);
    expect((await clerk.post(`/api/business/exports/${id}/cancel`)).status).toBe(200);

    const clear = await ask(clerk, { list: 'people', clear: true });
    const refused = await decide(chief, clear.id);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    const trusted = await world.staff({ name: 'trusted', can: [...can, 'export.approve', 'personal.reveal'] });
    expect((await decide(trusted, clear.id)).status).toBe(200);
    await workOff(world);
    expect((await look(clerk, clear.id)).state).toBe('ready');
  });

  it('of a region: its administrator approves, and what has come in from elsewhere since does not leave', async () => {
    const local = await world.staff({ name: 'local', can: [...can], region: GUANGDONG });
    const boss = await world.staff({ name: 'localboss', can: [...can, 'export.approve'], region: GUANGDONG });
    must(await world.person(local, { region: SHENZHEN_NANSHAN }), 201);
    const { id } = await ask(local, { list: 'people' });
    expect(await waiting(boss)).toEqual([id]);
    must(await decide(boss, id), 200);
    // The requester is promoted before the work begins.
    await world.deps.mongo.collection('accounts').updateOne({ name: 'local' }, { $set: { 'grants.0.region': null } });
    const me = await local.get('/api/staff/session');
    await expect
      .poll(async () => (await world.app.features.sessions.staffCaller(me.body.accountId))?.grants[0]?.region, {
        timeout: 10_000,
      })
      .toBeNull();
    await workOff(world);
    expect(await look(local, id)).toMatchObject({ state: 'ready', rows: { written: LIMIT + 1 } });
  });

  it('a rejection ends it, with its reason', async () => {
    const { id } = await ask(clerk, { list: 'people', password: 'long enough' });
    const { body } = must(await decide(chief, id, { decision: 'reject', reason: '用途不清' }), 200);
    expect(body).toMatchObject({
      state: 'rejected',
      approval: { decision: 'rejected', reason: '用途不清' },
      actions: [],
    });
    await workOff(world);
    expect(await look(clerk, id)).toMatchObject({ state: 'rejected', file: null });
    expect((await clerk.post(`/api/business/exports/${id}/link`)).body.code).toBe('conflict');
    const stored = await world.deps.mongo.collection('exports').findOne({ state: 'rejected' });
    expect(stored!['password']).toBeNull();
  });

  it('rows that were added until the work begins are counted too', async () => {
    const filter = { region: BEIJING_CHAOYANG };
    for (let n = 1; n < LIMIT; n += 1) must(await world.person(clerk, { region: BEIJING_CHAOYANG }), 201);
    const { id, state } = await ask(clerk, { list: 'people', filter });
    expect(state).toBe('waiting');
    must(await world.person(clerk, { region: BEIJING_CHAOYANG }), 201);
    const before = await files();
    await workOff(world);
    expect(await look(clerk, id)).toMatchObject({
      state: 'waiting_approval',
      rows: { expected: LIMIT + 1 },
      approval: { decision: null },
    });
    expect(await files()).toBe(before);
    must(await decide(chief, id), 200);
    await workOff(world);
    expect(await look(clerk, id)).toMatchObject({ state: 'ready', rows: { written: LIMIT + 1 } });
  });

  it('control 45: each decision is on record, with who, why and how many rows', async () => {
    const records = await world.deps.mongo
      .collection('audit')
      .find({ action: { $in: ['export.approved', 'export.rejected'] } })
      .sort({ _id: 1 })
      .toArray();
    const told = records.map(({ _id, action, actor, detail }) => [
      action,
      actor.name,
      world.deps.cipher.openJson(detail, `audit:${_id}`),
    ]);
    expect(told[0]).toEqual([
      'export.approved',
      'second',
      { reason: APPROVE.reason, rows: LIMIT + 1, requester: expect.stringMatching(/^[0-9a-f]{24}$/) },
    ]);
    expect(told.filter(([action]) => action === 'export.rejected')).toHaveLength(1);
  });
});

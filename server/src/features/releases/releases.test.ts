import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { createDeployer, type Deployer } from '../../../test/fakes/deployer.ts';
import { runJob } from '../../../test/jobs.ts';
import { makeWorld, type World } from '../../../test/factories.ts';
import { releaseModel } from './releases.model.ts';

const SECRET = 'a secret of the deployment';
const HOUR = 3_600_000;

describe('release records', () => {
  let world: World;
  let deployer: Deployer;
  let boss: Browser;
  let made = 0;

  beforeAll(async () => {
    world = await makeWorld({ config: { deploySecret: SECRET } });
    deployer = createDeployer({ origin: world.app.origin, secret: SECRET, clock: () => world.clock() });
    boss = await world.staff({ name: 'boss' });
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.deps.config.deploySecret = SECRET;
    world.logged.length = 0;
  });

  const begin = (more: object = {}) => {
    made += 1;
    const id = `20261121-1000${String(made).padStart(2, '0')}-1a2b3c4`;
    return deployer.release(id, { by: 'li.lei', commit: '1a2b3c4d5e', ref: 'main', ...more });
  };
  const ARTIFACT = 'a'.repeat(64);
  const detail = async (id: string, browser = boss) => (await browser.get(`/api/system/releases/${id}`)).body;

  it('a release goes its way, and the record says who, what, where and for how long', async () => {
    const release = begin();
    expect(await release.tell('created')).toEqual({
      status: 200,
      body: { id: release.id, state: 'created', approval: { required: false, by: null, at: null } },
    });
    await release.tell('checked');
    await release.tell('building', { artifact: ARTIFACT, durationMs: 40_000, step: 'build' });
    for (const host of ['host1', 'host2']) {
      world.clock.advance(5_000);
      await release.tell('deploying', {
        host,
        step: 'drain',
        durationMs: 3_000,
        message: 'in flight: 3\nin flight: 0',
      });
      world.clock.advance(10_000);
      await release.tell('verifying', { host, step: 'smoke', durationMs: 800 });
    }
    world.clock.advance(1_000);
    expect((await release.tell('done')).body.state).toBe('done');
    const record = await detail(release.id);
    expect(record).toMatchObject({
      id: release.id,
      kind: 'release',
      state: 'done',
      by: 'li.lei',
      commit: '1a2b3c4d5e',
      ref: 'main',
      artifact: ARTIFACT,
      durationMs: 31_000,
      mayApprove: false,
      hosts: [
        { name: 'host1', state: 'done', durationMs: 15_000 },
        { name: 'host2', state: 'done', durationMs: 11_000 },
      ],
    });
    expect(record.events).toHaveLength(8);
    expect(record.events[3]).toMatchObject({
      seq: 4,
      host: 'host1',
      step: 'drain',
      message: 'in flight: 3\nin flight: 0',
    });
  });

  it('the same events in any order, each of them twice, make the same record', async () => {
    const told = begin();
    const states = [
      'created',
      'checked',
      'building',
      'deploying',
      'verifying',
      'deploying',
      'verifying',
      'done',
    ] as const;
    const shuffled = begin();
    const hosts = [null, null, null, 'host1', 'host1', 'host2', 'host2', null];
    const event = (release: typeof told, at: number) =>
      release.tell(states[at]!, { seq: at + 1, ...(hosts[at] ? { host: hosts[at] } : {}) });
    for (const at of states.keys()) await event(told, at);
    for (const at of [5, 0, 7, 7, 3, 1, 6, 0, 4, 2, 5]) expect((await event(shuffled, at)).status).toBe(200);
    for (const at of states.keys()) expect((await event(shuffled, at)).body.state).toBe('done');
    const [one, two] = [await detail(told.id), await detail(shuffled.id)];
    expect({ ...two, id: one.id }).toEqual(one);
    expect(two.events).toHaveLength(8);
  });

  it('many at once: each is there once', async () => {
    const release = begin();
    await release.tell('created', { seq: 0 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        release.tell('created', { seq: 1 + (at >> 1), message: `step ${at >> 1}` }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect((await detail(release.id)).events.map(({ seq }: { seq: number }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ['created', 'deploying'],
    ['created', 'done'],
    ['checked', 'verifying'],
    ['done', 'deploying'],
    ['rolledBack', 'done'],
    ['failed', 'building'],
  ] as const)('%s can’t become %s', async (from, to) => {
    const release = begin();
    const way = ['created', 'checked', 'deploying', 'done', 'rolledBack'] as const;
    if (from === 'failed') await release.tell('created');
    else for (const state of way.slice(0, way.indexOf(from))) await release.tell(state);
    await release.tell(from);
    const { status, body } = await release.tell(to);
    expect([status, body.code, body.params]).toEqual([409, 'release_transition', { from, to }]);
    expect((await detail(release.id)).state).toBe(from);
  });

  it('what is missing may explain a jump; what comes late must fit in', async () => {
    const release = begin();
    await release.tell('created', { seq: 1 });
    expect((await release.tell('deploying', { seq: 4 })).body.state).toBe('deploying');
    expect((await release.tell('done', { seq: 2 })).body.code).toBe('release_transition');
    expect((await release.tell('checked', { seq: 2 })).status).toBe(200);
    expect((await release.tell('verifying', { seq: 3 })).body.code).toBe('release_transition');
    expect((await release.tell('building', { seq: 3 })).body.state).toBe('deploying');
  });

  it('another event under a number that is taken is refused', async () => {
    const release = begin();
    await release.tell('created', { seq: 1 });
    const { status, body } = await release.tell('created', { seq: 1, message: 'another' });
    expect([status, body.code, body.params]).toEqual([409, 'release_seq_taken', { seq: 1 }]);
  });

  it('a release that failed can be resumed, or rolled back; a canary ends by being aborted', async () => {
    const release = begin({ kind: 'canary' });
    for (const state of ['created', 'checked', 'deploying'] as const) await release.tell(state, { host: 'host1' });
    expect((await release.tell('failed', { host: 'host1', message: 'smoke: 500' })).body.state).toBe('failed');
    expect((await release.tell('deploying', { host: 'host1', by: 'han.mei' })).body.state).toBe('deploying');
    expect((await release.tell('rolledBack', { host: 'host1' })).body.state).toBe('rolledBack');
    expect(await detail(release.id)).toMatchObject({
      kind: 'canary',
      by: 'li.lei',
      hosts: [{ name: 'host1', state: 'rolledBack' }],
    });
  });

  it('as the deployment tells it: steps of the fleet and of hosts; a host that was healed has failed, one in service is done', async () => {
    const release = begin();
    const told: (readonly [string, string?, string?])[] = [
      ...([
        ['created'],
        ['created', undefined, 'check'],
        ['checked'],
        ['building'],
        ['building', undefined, 'build'],
      ] as const),
      ...([
        ['deploying', undefined, 'ship'],
        ['deploying', 'host1', 'migrate'],
      ] as const),
      ...([
        ['deploying', 'host1', 'begun'],
        ['deploying', 'host1', 'drained'],
        ['verifying', 'host1', 'smoke'],
      ] as const),
      ...([
        ['verifying', 'host1', 'in service'],
        ['deploying', 'host2', 'begun'],
        ['verifying', 'host2', 'smoke'],
      ] as const),
      ...([['deploying', 'host2', 'heal'], ['verifying', 'host2', 'in'], ['failed']] as const),
    ];
    for (const [state, host, step] of told)
      expect((await release.tell(state, { ...(host ? { host } : {}), ...(step ? { step } : {}) })).body.state).toBe(
        state,
      );
    const hosts = async () =>
      (await detail(release.id)).hosts.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`);
    expect(await hosts()).toEqual(['host1 done', 'host2 failed']);
    // Somebody resumes it, after a gap in the numbers.
    await release.tell('deploying', { seq: 116, host: 'host2', step: 'begun', by: 'han.mei' });
    expect(await hosts()).toEqual(['host1 done', 'host2 deploying']);
    expect((await release.tell('done', { seq: 117, message: 'resumed' })).body.state).toBe('done');
    expect(await hosts()).toEqual(['host1 done', 'host2 done']);
  });

  it('long messages are cut, not refused', async () => {
    const release = begin();
    expect((await release.tell('created', { message: 'x'.repeat(15_000) })).status).toBe(200);
    expect((await detail(release.id)).events[0].message).toHaveLength(2_001);
  });

  describe('approval', () => {
    const waiting = async (more: object = {}) => {
      const release = begin(more);
      await release.tell('created', { approvalRequired: true });
      await release.tell('checked');
      return release;
    };
    const approve = async (browser: Browser, id: string, looked?: object) => {
      const { commit, artifact } = await detail(id);
      return browser.post(`/api/system/releases/${id}/approve`, looked ?? { commit, artifact });
    };

    it('no host is touched before another person has approved', async () => {
      const release = await waiting();
      expect((await release.tell('building')).status).toBe(200);
      for (const state of ['deploying', 'approved'] as const) {
        const { status, body } = await release.tell(state);
        expect([status, body.code]).toEqual([409, 'release_unapproved']);
      }
      expect((await detail(release.id)).mayApprove).toBe(true);
      const { status, body } = await approve(boss, release.id);
      expect([status, body.approval.by, body.approval.waiting, body.mayApprove]).toEqual([200, 'boss', false, false]);
      const told = await release.tell('deploying', { host: 'host1' });
      expect(told.body).toMatchObject({
        state: 'deploying',
        approval: { required: true, by: 'boss', at: world.clock().toISOString() },
      });
      const records = await world.deps.mongo.collection('audit').find({ 'object.id': release.id }).toArray();
      expect(records.map(({ action, outcome }) => [action, outcome])).toEqual([['release.approved', 'done']]);
    });

    it('a checked one shows that it is approved, and the deployment sees it', async () => {
      const release = await waiting();
      expect((await deployer.query({ id: release.id })).body.items[0]).toMatchObject({
        state: 'checked',
        approval: { required: true, waiting: true, by: null },
      });
      await approve(boss, release.id);
      expect((await deployer.query({ id: release.id })).body.items[0]).toMatchObject({
        state: 'approved',
        approval: { waiting: false, by: 'boss' },
      });
      expect((await release.tell('approved')).body.state).toBe('approved');
    });

    it('nobody approves a release that he works on, whatever the case of the name', async () => {
      const author = await world.staff({ name: 'li.lei' });
      const helper = await world.staff({ name: 'han.mei' });
      const release = await waiting({ by: ' Li.Lei' });
      await release.tell('checked', { by: 'han.mei', seq: 7 });
      for (const browser of [author, helper]) {
        expect((await detail(release.id, browser)).mayApprove).toBe(false);
        const { status, body } = await approve(browser, release.id);
        expect([status, body.code]).toEqual([403, 'own_release']);
      }
      const refused = await world.deps.mongo
        .collection('audit')
        .countDocuments({ 'object.id': release.id, outcome: 'refused' });
      expect(refused).toBe(2);
      expect((await approve(boss, release.id)).status).toBe(200);
    });

    it('that one is required can’t be taken back', async () => {
      const release = await waiting();
      expect((await release.tell('checked', { approvalRequired: false })).body.approval.required).toBe(true);
      expect((await release.tell('deploying')).body.code).toBe('release_unapproved');
    });

    it('an approval holds for one commit and one artifact: the first that is made of it', async () => {
      const release = await waiting();
      await approve(boss, release.id);
      expect((await release.tell('building', { artifact: ARTIFACT })).body.approval.by).toBe('boss');
      const another = await release.tell('building', { artifact: 'b'.repeat(64) });
      expect(another.body.approval).toEqual({ required: true, by: null, at: null });
      expect((await release.tell('deploying')).body.code).toBe('release_unapproved');
      const stale = await approve(boss, release.id, { commit: '1a2b3c4d5e', artifact: ARTIFACT });
      expect([stale.status, stale.body.code]).toEqual([409, 'edit_conflict']);
      expect((await approve(boss, release.id)).status).toBe(200);
      expect((await release.tell('building', { commit: 'ffffffff' })).body.approval.by).toBeNull();
      expect((await release.tell('deploying', { commit: '1a2b3c4d5e' })).status).toBe(200);
    });

    it('of two who approve at once one does; a second approval is a conflict', async () => {
      const other = await world.staff({ name: 'other.boss' });
      const release = await waiting();
      const answers = await Promise.all([approve(boss, release.id), approve(other, release.id)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect((await approve(boss, release.id)).body.code).toBe('conflict');
    });

    it('one that nobody approves in a day has failed', async () => {
      const release = await waiting();
      world.clock.advance(24 * HOUR - 1);
      await runJob(world.app.features, 'release-expiry');
      boss = await world.staff();
      expect((await detail(release.id)).state).toBe('checked');
      world.clock.advance(1);
      // Also before the job comes by.
      expect((await approve(boss, release.id)).body.code).toBe('release_expired');
      await runJob(world.app.features, 'release-expiry');
      expect(await detail(release.id)).toMatchObject({
        state: 'failed',
        endedAt: world.clock().toISOString(),
        approval: { waiting: false, expired: true },
      });
      expect((await release.tell('deploying')).body.code).toBe('release_expired');
      expect((await release.tell('failed', { message: 'gave up' })).body.state).toBe('failed');
      expect((await approve(boss, release.id)).body.code).toBe('release_expired');
    });

    it('hosts changed without it, as told afterwards, are marked', async () => {
      const release = begin();
      await release.tell('deploying', { seq: 3, host: 'host1' });
      await release.tell('checked', { seq: 2 });
      expect((await release.tell('created', { seq: 1, approvalRequired: true })).body.state).toBe('deploying');
      expect((await detail(release.id)).approval).toMatchObject({ required: true, missing: true, waiting: false });
    });

    it('takes the right for everywhere; one for a region is none', async () => {
      const release = await waiting();
      const here = await world.staff({ can: ['release.read', 'release.approve'], region: '440000' });
      expect((await here.get('/api/system/releases')).status).toBe(403);
      expect((await here.get(`/api/system/releases/${release.id}`)).status).toBe(403);
      expect((await approve(here, release.id, { commit: null, artifact: null })).status).toBe(403);
      const reader = await world.staff({ can: ['release.read'] });
      expect(await detail(release.id, reader)).toMatchObject({ mayApprove: false });
      expect((await approve(reader, release.id)).status).toBe(403);
    });
  });

  it('lists them newest first, in pages, by state and by who waits', async () => {
    await releaseModel(world.deps.mongo).deleteMany({});
    const ids: string[] = [];
    for (const at of Array.from({ length: 5 }).keys()) {
      const release = begin();
      world.clock.advance(at % 2 ? 0 : 1_000);
      await release.tell('created', { approvalRequired: at === 3 });
      if (at === 1) await release.tell('failed');
      ids.unshift(release.id);
    }
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await boss.get(`/api/system/releases?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (!body.nextCursor) break;
      cursor = body.nextCursor;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(seen.map((id) => ids.indexOf(id))).toEqual([0, 1, 2, 3, 4]);
    const idsOf = async (query: string) =>
      (await boss.get(`/api/system/releases?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await idsOf('state=failed')).toEqual([ids[3]]);
    expect(await idsOf('waiting=true')).toEqual([ids[1]]);
    expect((await boss.get('/api/system/releases?cursor=WzEsMl0')).status).toBe(422);
    expect((await deployer.query({ limit: 2 })).body.items.map(({ id }: { id: string }) => id)).toEqual(
      ids.slice(0, 2),
    );
    expect((await deployer.query({ id: 'nothing' })).body.items).toEqual([]);
  });

  it('what the deployment did not sign is refused before it is read', async () => {
    const release = begin();
    const refused = [
      { secret: 'another secret of 16' },
      { at: new Date(world.clock().getTime() - 6 * 60_000) },
      { wrong: (text: string) => text.replace('created', 'done') },
      { wrong: () => '{"not json' },
    ];
    for (const options of refused) expect((await release.tell('created', {}, options)).body.code).toBe('bad_signature');
    world.deps.config.deploySecret = null;
    expect((await release.tell('created', {}, { secret: '' })).body.code).toBe('bad_signature');
    world.deps.config.deploySecret = SECRET;
    expect((await release.tell('created', { extra: 1 })).status).toBe(422);
    expect((await release.tell('created', { host: { $gt: '' } })).body.code).toBe('bad_request');
    expect(await releaseModel(world.deps.mongo).countDocuments({ _id: release.id })).toBe(0);
  });
});

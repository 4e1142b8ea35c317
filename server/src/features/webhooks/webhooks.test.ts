import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { createDeployer, type Deployer } from '../../../test/fakes/deployer.ts';
import { createWebhookReceiver, type WebhookReceiver } from '../../../test/fakes/webhook-receiver.ts';
import { makeWorld, type World } from '../../../test/factories.ts';
import { runJob } from '../../../test/jobs.ts';
import { webhooks } from '../../config/webhooks.ts';
import { webhookDeliveryModel, webhookRateModel, type WebhookDeliveryDoc } from './webhooks.model.ts';

const SECRET = 'a secret of the deployment';
const MINUTE = 60_000;

describe('webhooks of releases', () => {
  let world: World;
  let deployer: Deployer;
  let everything: WebhookReceiver;
  let failures: WebhookReceiver;
  let robot: WebhookReceiver;
  let made = 0;

  beforeAll(async () => {
    const clock = () => world.clock();
    everything = await createWebhookReceiver({ kind: 'json', secret: 'secret of everything', clock });
    failures = await createWebhookReceiver({ kind: 'json', secret: null, clock });
    robot = await createWebhookReceiver({ kind: 'dingtalk', secret: 'secret of the robot', clock });
    const targets = webhooks(
      JSON.stringify([
        { url: everything.url, kind: 'json', secret: 'secret of everything' },
        { url: failures.url, kind: 'json', events: ['release.failed', 'release.rolledBack'] },
        { url: robot.url, kind: 'dingtalk', secret: 'secret of the robot' },
      ]),
    );
    world = await makeWorld({
      config: {
        deploySecret: SECRET,
        publicOrigin: 'https://dengji.example',
        webhooks: { targets, allow: ['127.0.0.1'] },
      },
    });
    deployer = createDeployer({ origin: world.app.origin, secret: SECRET, clock });
  });
  afterAll(async () => {
    await world.close();
    await Promise.all([everything, failures, robot].map((receiver) => receiver.close()));
  });
  beforeEach(async () => {
    for (const { taken } of [everything, failures, robot]) taken.length = 0;
    await deliveries().deleteMany({});
    await webhookRateModel(world.deps.mongo).deleteMany({});
    // The robot forgets too.
    world.clock.advance(11 * MINUTE);
    world.logged.length = 0;
  });

  const deliveries = () => webhookDeliveryModel(world.deps.mongo);
  const begin = () => {
    made += 1;
    const id = `20261121-1100${String(made).padStart(2, '0')}-1a2b3c4`;
    return deployer.release(id, { by: 'li.lei', commit: '1a2b3c4d5e', ref: 'main' });
  };
  const drain = () => world.app.features.schedules.workers.find(({ name }) => name === 'webhook')!.drain();
  const events = ({ taken }: WebhookReceiver) => taken.map(({ event, body }) => `${event} ${body.host ?? ''}`.trim());
  const left = async () =>
    (
      await deliveries()
        .find({ 'work.state': { $ne: 'done' } })
        .lean<WebhookDeliveryDoc[]>()
    ).map(({ work }) => work);

  it('tells each what it wants to know: turns of a release, not its steps, and each of them once', async () => {
    const release = begin();
    const way = [
      ...[
        ['created'],
        ['checked'],
        ['building'],
        ['deploying', 'host1'],
        ['deploying', 'host1'],
        ['verifying', 'host1'],
      ],
      ...[['deploying', 'host2'], ['verifying', 'host2'], ['done'], ['rolledBack']],
    ];
    for (const [index, [state, host]] of way.entries()) {
      const event = { seq: index, ...(host ? { host } : {}) };
      await release.tell(state!, event);
      await release.tell(state!, event);
    }
    await drain();
    expect(events(everything)).toEqual([
      'release.created',
      'release.deploying host1',
      'release.deploying host2',
      'release.done',
      'release.rolledBack',
    ]);
    expect(events(failures)).toEqual(['release.rolledBack']);
    expect(robot.taken.map(({ body }) => body.markdown.title)).toEqual([
      '发布已发起',
      '正在发布 host1',
      '正在发布 host2',
      '发布完成',
      '已回滚',
    ]);
    expect(everything.taken[3]!.body).toMatchObject({
      id: `${release.id}:8`,
      event: 'release.done',
      by: 'li.lei',
      url: `https://dengji.example/system/releases/${release.id}`,
      release: { id: release.id, state: 'done', commit: '1a2b3c4d5e', hosts: [{ name: 'host1' }, { name: 'host2' }] },
    });
    expect(await left()).toEqual([]);
  });

  it('tells who approved, and that one waits; and that nobody did', async () => {
    const boss: Browser = await world.staff();
    const release = begin();
    await release.tell('created', { approvalRequired: true });
    await release.tell('checked');
    const looked = { commit: '1a2b3c4d5e', artifact: null };
    expect((await boss.post(`/api/system/releases/${release.id}/approve`, looked)).status).toBe(200);
    await release.tell('approved');
    const forgotten = begin();
    await forgotten.tell('created', { approvalRequired: true });
    await drain();
    expect(events(everything)).toEqual(['release.created', 'release.approved', 'release.created']);
    expect(everything.taken[0]!.body.release.approval).toEqual({ required: true, waiting: true, by: null });
    expect(robot.taken[0]!.body.markdown.title).toBe('发布已发起，等待批准');
    expect(robot.taken[1]!.body.markdown.text).toMatch(/操作人：staff\d+，发起人：li\.lei/);
    world.clock.advance(24 * 60 * MINUTE);
    await runJob(world.app.features, 'release-expiry');
    await drain();
    expect(events(failures)).toEqual(['release.failed']);
  });

  it('what others wrote makes no link, call or headline in a group', async () => {
    const release = begin();
    await release.tell('created', { seq: 1, ref: '[x](https://evil.example)' });
    await release.tell('failed', { seq: 2, message: '@all\n# [登录](https://evil.example) <b>' });
    await drain();
    const text = robot.taken.map(({ body }) => body.markdown.text as string).join('\n');
    expect(text.replaceAll(/\[在系统后台查看\]\(https:\/\/dengji\.example[^)]*\)/g, '')).not.toMatch(
      /[[\]()<>@]|^#\s/m,
    );
    expect(everything.taken[1]!.body.message).toBe('@all\n# [登录](https://evil.example) <b>');
  });

  it('what was not taken is sent again later, under the same id; a target that is gone is let rest', async () => {
    const release = begin();
    everything.next({ status: 500 }, { broken: 'hangup' });
    await release.tell('created');
    await drain();
    expect(await left()).toMatchObject([{ state: 'waiting', attempts: 1, fault: 'status_500' }]);
    for (let tries = 0; tries < 2; tries += 1) {
      world.clock.advance(10 * MINUTE);
      await drain();
    }
    expect(events(everything)).toEqual(['release.created']);
    expect(everything.taken[0]!.id).toBe(`${release.id}:1`);
    await begin().tell('created');
    await deliveries().updateMany({ 'work.state': 'waiting' }, { $set: { target: 'gone' } });
    await drain();
    expect(events(everything)).toEqual(['release.created']);
    expect(await deliveries().countDocuments({ 'work.state': 'done', 'work.fault': 'target_removed' })).toBe(2);
  });

  it('given up after twelve tries, it is among the dead work: tried again there', async () => {
    await begin().tell('created');
    robot.next(...Array.from({ length: 12 }, () => ({ status: 200, body: '{"errcode":300001,"errmsg":"no"}' })));
    for (let tries = 0; tries < 13; tries += 1) {
      await drain();
      world.clock.advance(10 * MINUTE);
    }
    const boss = await world.staff();
    const { body } = await boss.get('/api/system/dead-work');
    expect(body.items).toMatchObject([
      { kind: 'webhook', fault: 'dingtalk_300001', attempts: 12, kindLabel: { 'zh-CN': '事件通知' } },
    ]);
    expect(body.items[0].about).toMatch(/^release\.created → 127\.0\.0\.1:\d+$/);
    const { id } = body.items[0];
    expect((await boss.post(`/api/system/dead-work/webhook/${encodeURIComponent(id)}/retry`)).status).toBe(204);
    await drain();
    expect(robot.taken).toHaveLength(1);
  });

  it('a robot is told 20 things a minute, and loses none of 50', async () => {
    const releases = Array.from({ length: 50 }, begin);
    for (const release of releases) await release.tell('created');
    let minutes = 0;
    for (; (await left()).length > 0 && minutes < 10; minutes += 1) {
      await drain();
      world.clock.advance(MINUTE + 2_000);
    }
    expect(robot.taken).toHaveLength(50);
    expect(minutes).toBe(3);
    expect(await deliveries().countDocuments({ 'work.fault': { $ne: null } })).toBe(0);
  });

  it('a robot that is told too much by others is left alone for ten minutes', async () => {
    await begin().tell('created');
    robot.next({ status: 200, body: '{"errcode":130101,"errmsg":"send too fast"}' });
    await drain();
    expect(await left()).toMatchObject([{ state: 'waiting', fault: 'too_fast', attempts: 1 }]);
    world.clock.advance(10 * MINUTE - 1);
    await drain();
    expect(robot.taken).toHaveLength(0);
    world.clock.advance(1);
    await drain();
    expect(robot.taken).toHaveLength(1);
  });

  it('neither the log, nor the database, nor the metrics hold a secret or a token', async () => {
    const release = begin();
    robot.next({ broken: 'hangup' });
    everything.next({ status: 500, body: 'a-token-of-the-robot' });
    await release.tell('created');
    await drain();
    const docs = await deliveries().find().lean();
    const metrics = await world.deps.metrics.registry.metrics();
    expect(world.logged.filter(({ event }) => event === 'job.failed').length).toBe(2);
    expect(JSON.stringify([world.logged, docs]) + metrics).not.toMatch(/a-token|secret of|sign=/);
  });

  it('old ones are removed', async () => {
    await begin().tell('created');
    await drain();
    world.clock.advance(31 * 24 * 60 * MINUTE);
    await runJob(world.app.features, 'old-webhooks');
    expect(await deliveries().countDocuments()).toBe(0);
  });
});

describe('the setting WEBHOOKS', () => {
  const url = 'https://oapi.dingtalk.com/robot/send?access_token=a-token';
  it.each([
    ['{', /must be JSON/],
    ['{}', /must be JSON/],
    [JSON.stringify([{ url, kind: 'mail' }]), /number 1: "kind"/],
    [JSON.stringify([{ url: 'ftp://x', kind: 'json' }]), /number 1: "url"/],
    [JSON.stringify([{ url: 'https://a-name:a-token@x', kind: 'json' }]), /number 1: "url"/],
    [JSON.stringify([{ url, kind: 'json', secret: 'a-token' }]), /number 1: "secret"/],
    [JSON.stringify([{ url, kind: 'json', events: ['everything'] }]), /number 1: "events"/],
    [JSON.stringify([{ url, kind: 'json', 'a-token': 1 }]), /number 1: holds a key/],
    [
      JSON.stringify([
        { url, kind: 'json' },
        { url, kind: 'json' },
      ]),
      /same address twice/,
    ],
  ])('%s is refused, without a word of what is secret in it', (raw, what) => {
    expect(() => webhooks(raw)).toThrow(what);
    expect(() => webhooks(raw)).not.toThrow(/a-token/);
  });

  it('keeps the address, and an id and a host that may be shown', () => {
    expect(webhooks(JSON.stringify([{ url, kind: 'dingtalk', events: ['release.done'] }]))).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{12}$/) as unknown,
        host: 'oapi.dingtalk.com',
        kind: 'dingtalk',
        url,
        secret: null,
        events: ['release.done'],
      },
    ]);
  });
});

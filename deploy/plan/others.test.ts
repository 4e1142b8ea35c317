import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT, type Fault } from '../faults.ts';
import { builtRepository } from '../test/built-repository.ts';
import { fakeFleet, goodFacts, refusal, RELEASES } from '../test/fake-fleet.ts';
import { canaryAbort, canaryPromote, canaryStart } from './canary.ts';
import { holdOut, join } from './hold.ts';
import { resume } from './resume.ts';
import { rollback } from './rollback.ts';

let repository: ReturnType<typeof builtRepository>;
beforeAll(() => {
  repository = builtRepository();
});
afterAll(() => repository.remove());

type Reply = Parameters<typeof fakeFleet>[0];
const fleetOf = (reply?: Reply) => fakeFleet(reply, repository.environment());
const both = (...names: string[]) => names.flatMap((name) => [`h1 ${name}`, `h2 ${name}`]);
const ROAD = ['drain', 'wait out', 'wait drained', 'stop', 'switch', 'start', 'smoke', 'join', 'wait in'];
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it went well'),
    (error: unknown) => error as Fault,
  );

test('a rollback goes the same road, without a build, a transfer and a migration', async () => {
  const fleet = fleetOf();
  await rollback(fleet.context);
  expect(fleet.road()).toEqual([
    ...both('facts', 'settings put', 'publish'),
    ...ROAD.map((one) => `h1 ${one}`),
    ...ROAD.map((one) => `h2 ${one}`),
  ]);
  const switched = fleet.calls.filter(({ name }) => name === 'switch').map(({ args }) => args[1]);
  expect(switched).toEqual([RELEASES.older, RELEASES.older]);
});

test('a rollback to what a host does not keep is refused before anything is changed', async () => {
  const fleet = fleetOf();
  const fault = await caught(rollback(fleet.context, '20260101-080000-ddddddd'));
  expect([fault.exit, fault.message]).toEqual([EXIT.usage, expect.stringContaining('is not kept on h1, h2')]);
  expect(fleet.road()).toEqual(both('facts'));
});

test('a canary starts beside on every host before anybody is led there', async () => {
  const fleet = fleetOf();
  await canaryStart(fleet.context, 'HEAD', { percent: 5 });
  expect(fleet.road()).toEqual([
    ...both('facts', 'settings put', 'receive', 'publish'),
    'h1 migrate',
    ...both('canary start', 'canary set'),
  ]);
  const [set] = fleet.calls.filter(({ name }) => name === 'canary set');
  expect(JSON.parse(set?.args[2] ?? '')).toEqual({
    release: RELEASES.fresh,
    percent: 5,
    hosts: ['10.0.0.11', '10.0.0.12'],
  });
});

test('a canary on one host runs there only, and only what comes there is led to it', async () => {
  const fleet = fleetOf();
  await canaryStart(fleet.context, 'HEAD', { percent: 100, only: 'h2' });
  expect(fleet.road().filter((one) => one.includes('canary start'))).toEqual(['h2 canary start']);
  const shares = fleet.calls
    .filter(({ name }) => name === 'canary set')
    .map(({ host, args }) => [host, JSON.parse(args[2] ?? '')]);
  expect(shares).toEqual([
    ['h1', { release: RELEASES.fresh, percent: 0, hosts: ['10.0.0.12'] }],
    ['h2', { release: RELEASES.fresh, percent: 100, hosts: ['10.0.0.12'] }],
  ]);
});

test('a canary that does not start anywhere is stopped everywhere, and nobody was led to it', async () => {
  const fleet = fleetOf((host, args) => {
    if (args[1] === 'start' && host.name === 'h2') throw refusal(host, 'canary start');
    return undefined;
  });
  expect((await caught(canaryStart(fleet.context, 'HEAD', { percent: 5 }))).exit).toBe(EXIT.failed);
  expect(fleet.road().slice(-2)).toEqual(both('canary stop'));
  expect(fleet.road().join()).not.toContain('canary set');
});

const withCanary: Reply = (host, args) =>
  args[0] === 'facts' ? { ...goodFacts(host), next: RELEASES.fresh } : undefined;

test('a canary is promoted host by host and stops last; aborted it only stops; a second one is refused', async () => {
  const promoted = fleetOf(withCanary);
  await canaryPromote(promoted.context);
  expect(promoted.road().slice(-2 * ROAD.length - 2)).toEqual([
    ...ROAD.map((one) => `h1 ${one}`),
    ...ROAD.map((one) => `h2 ${one}`),
    ...both('canary stop'),
  ]);
  const aborted = fleetOf(withCanary);
  await canaryAbort(aborted.context);
  expect(aborted.road()).toEqual(both('facts', 'canary stop'));
  expect((await caught(canaryStart(fleetOf(withCanary).context, 'HEAD', { percent: 5 }))).message).toMatch(
    /running already/,
  );
  expect((await caught(canaryPromote(fleetOf().context))).message).toMatch(/No canary/);
});

test('resume heals what is in the middle, migrates again, and brings the others forward under the same record', async () => {
  const begun = { release: RELEASES.fresh, state: 'deploying', kind: 'release', by: 'han.meimei', environment: 'test' };
  let healed = false;
  const fleet = fleetOf((host, args) => {
    if (args[0] === 'heal') healed = true;
    if (args[0] === 'records') return { records: [{ ...begun, seq: 20, at: '2026-11-21T10:00:00Z', step: 'switch' }] };
    if (args[0] !== 'facts') return undefined;
    if (host.name === 'h2') return goodFacts(host);
    return healed
      ? { ...goodFacts(host, RELEASES.fresh), previous: RELEASES.old }
      : { ...goodFacts(host), state: { phase: 'switched' } };
  });
  await resume(fleet.context, false);
  expect(fleet.road()).toEqual([
    ...both('facts'),
    'h1 heal',
    'h1 wait in',
    ...both('facts', 'publish'),
    'h1 migrate',
    ...ROAD.map((one) => `h2 ${one}`),
  ]);
  const events = fleet.calls
    .filter(({ name }) => name === 'record')
    .map(({ args }) => JSON.parse(args[2] ?? '') as { seq: number });
  expect(events.at(-1)).toMatchObject({ release: RELEASES.fresh, state: 'done', by: 'li.lei' });
  expect(Math.min(...events.map(({ seq }) => seq))).toBeGreaterThan(20);
});

test('a host is drained for maintenance unless it is the last one; one that can not be emptied joins again', async () => {
  const [h1] = fleetOf().context.hosts;
  if (!h1) return expect.fail('there is no host');
  const fleet = fleetOf();
  await holdOut(fleet.context, h1);
  expect(fleet.road()).toEqual(['h2 facts', 'h1 drain', 'h1 wait out', 'h1 wait drained']);
  expect(fleet.calls.find(({ name }) => name === 'drain')?.args).toContain('--hold');

  const last = fleetOf((host, args) => (args[0] === 'facts' ? { ...goodFacts(host), ready: null } : undefined));
  expect((await caught(holdOut(last.context, h1))).message).toMatch(/would leave nobody/);
  expect(last.road()).toEqual(['h2 facts']);

  const busy = fleetOf((host, args) => {
    if (args[1] === 'drained') throw refusal(host, 'wait drained', EXIT.timedOut);
    return undefined;
  });
  expect((await caught(holdOut(busy.context, h1))).exit).toBe(EXIT.timedOut);
  expect(busy.road().slice(-2)).toEqual(['h1 heal', 'h1 wait in']);

  const back = fleetOf();
  await join(back.context, h1);
  expect(back.road()).toEqual(['h1 heal', 'h1 wait in']);
});

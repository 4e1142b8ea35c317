import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT, type Fault } from '../faults.ts';
import { builtRepository } from '../test/built-repository.ts';
import { type FakeFleet, fakeFleet, goodFacts, refusal, RELEASES } from '../test/fake-fleet.ts';
import { release } from './release.ts';

let repository: ReturnType<typeof builtRepository>;
beforeAll(() => {
  repository = builtRepository();
});
afterAll(() => repository.remove());

const fleetOf = (reply?: Parameters<typeof fakeFleet>[0], changes = {}) =>
  fakeFleet(reply, repository.environment(changes));

const ONE_HOST = ['drain', 'wait out', 'wait drained', 'stop', 'switch', 'start', 'smoke', 'join', 'wait in'];
const both = (...names: string[]) => names.flatMap((name) => [`h1 ${name}`, `h2 ${name}`]);

async function faultOf(fleet: FakeFleet): Promise<Fault> {
  return await release(fleet.context, 'HEAD').then(
    () => expect.fail('it went well'),
    (error: unknown) => error as Fault,
  );
}

test('a release: assets on all hosts, then the migration once, then one host wholly after the other', async () => {
  const fleet = fleetOf();
  const { timings } = await release(fleet.context, 'HEAD');
  expect(fleet.road()).toEqual([
    ...both('facts', 'settings put', 'receive', 'publish'),
    'h1 migrate',
    ...ONE_HOST.map((name) => `h1 ${name}`),
    ...ONE_HOST.map((name) => `h2 ${name}`),
  ]);
  expect(timings.filter(({ host }) => host === 'h2').map(({ step }) => step)).toHaveLength(ONE_HOST.length);
});

test('the lock is taken on all hosts under one fence before anything else, and given back at the end', async () => {
  const fleet = fleetOf();
  await release(fleet.context, 'HEAD');
  const names = fleet.calls.filter(({ name }) => !name.startsWith('record')).map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual(['lock show', 'lock show', 'lock take', 'lock take']);
  expect(names.slice(-2)).toEqual(['lock give', 'lock give']);
  const fenced = fleet.calls.filter(({ args }) => args.includes('--fence'));
  expect(new Set(fenced.map(({ args }) => args[args.indexOf('--fence') + 1]))).toEqual(new Set(['7']));
});

test('a host whose smoke test fails heals, the plan ends with 1 and the next host is not touched', async () => {
  const fleet = fleetOf((host, args) => {
    if (args[0] === 'smoke') throw refusal(host, 'smoke');
    return args[0] === 'heal' ? { ok: true, release: RELEASES.old } : undefined;
  });
  const fault = await faultOf(fleet);
  expect(fault.exit).toBe(EXIT.failed);
  expect(fault.message).toContain('smoke went wrong');
  expect(fault.message).toContain(`h1 is back in service on ${RELEASES.old}`);
  expect(fleet.road().slice(-3)).toEqual(['h1 smoke', 'h1 heal', 'h1 wait in']);
  expect(fleet.road()).not.toContain('h2 drain');
  const last = fleet.calls.findLast(({ name }) => name === 'record');
  expect(JSON.parse(last?.args[2] ?? '')).toMatchObject({ state: 'failed', by: 'li.lei' });
});

test('a host that can not be emptied in time joins again and the plan ends with 69', async () => {
  const fleet = fleetOf((host, args) => {
    if (args[0] === 'wait' && args[1] === 'drained') throw refusal(host, 'wait drained', EXIT.timedOut);
    return undefined;
  });
  expect((await faultOf(fleet)).exit).toBe(EXIT.timedOut);
  expect(fleet.road().slice(-2)).toEqual(['h1 heal', 'h1 wait in']);
  expect(fleet.road()).not.toContain('h1 stop');
});

test('an operator who was fenced off does nothing more, heals nothing and writes no record', async () => {
  const fleet = fleetOf((host, args) => {
    if (args[0] === 'start') throw refusal(host, 'start', EXIT.fenced);
    return undefined;
  });
  expect((await faultOf(fleet)).exit).toBe(EXIT.fenced);
  expect(fleet.road().at(-1)).toBe('h1 start');
});

test('Ctrl-C while a host is being emptied puts it back; the plan ends with 130', async () => {
  const fleet = fleetOf((_host, args) => {
    if (args[1] === 'out') fleet.interrupt();
    return undefined;
  });
  expect((await faultOf(fleet)).exit).toBe(EXIT.interrupted);
  expect(fleet.road().slice(-2)).toEqual(['h1 heal', 'h1 wait in']);
});

test('Ctrl-C after a host was stopped lets it arrive first', async () => {
  const fleet = fleetOf((_host, args) => {
    if (args[0] === 'switch') fleet.interrupt();
    return undefined;
  });
  expect((await faultOf(fleet)).exit).toBe(EXIT.interrupted);
  expect(fleet.road().at(-1)).toBe('h1 wait in');
  expect(fleet.road()).not.toContain('h1 heal');
});

test('faults of all hosts are told at once, and nothing was changed', async () => {
  const fleet = fleetOf((host, args) => {
    if (args[0] !== 'facts') return undefined;
    const wrong = host.name === 'h1' ? { disk: { freeBytes: 1024 } } : { time: Date.now() + 3_600_000 };
    return { ...goodFacts(host), ...wrong };
  });
  const fault = await faultOf(fleet);
  expect(fault.message).toMatch(/h1: 0 MB free/);
  expect(fault.message).toMatch(/h2: its clock is ahead by at least 3\d{6} ms/);
  expect(fleet.road()).toEqual(both('facts'));
});

test('a host that serves the release already is left alone; a new one comes first and has nothing to drain', async () => {
  const fleet = fleetOf(
    (host, args) => {
      if (args[0] !== 'facts') return undefined;
      if (host.name === 'h3') return { ...goodFacts(host, null), ready: null };
      return goodFacts(host, host.name === 'h1' ? RELEASES.fresh : RELEASES.old);
    },
    { hosts: ['h1', 'h2', 'h3'].map((name, at) => ({ name, address: `10.0.0.1${at}` })) },
  );
  await release(fleet.context, 'HEAD');
  const road = fleet.road().slice(fleet.road().indexOf('h1 migrate') + 1);
  const fresh = ONE_HOST.filter((name) => name !== 'wait out' && name !== 'wait drained');
  expect(road).toEqual([...fresh.map((name) => `h3 ${name}`), ...ONE_HOST.map((name) => `h2 ${name}`)]);
});

test('the last host in service is never taken out', async () => {
  const fleet = fleetOf((host, args) => {
    if (args[0] !== 'facts' || host.name === 'h1') return undefined;
    return { ...goodFacts(host), ready: { status: 0 } };
  });
  expect((await faultOf(fleet)).message).toContain('only 1 host is in service');
  expect(fleet.road()).toEqual(both('facts'));
});

const required = { approval: { required: true } };
const verdict = (by: string | null) => ({ ok: true, answer: { approval: { required: true, by, at: null } } });

test('where an approval is required nothing is built or shipped before another person gave it', async () => {
  const fleet = fleetOf((_host, args) => (args[0] === 'record' ? verdict('han.meimei') : undefined), required);
  await release(fleet.context, 'HEAD');
  const events = fleet.calls
    .filter(({ name }) => name === 'record')
    .map(({ args }) => JSON.parse(args[2] ?? '') as object);
  expect(events[0]).toMatchObject({ state: 'created', approvalRequired: true, by: 'li.lei', target: RELEASES.fresh });
  expect(events.find((one) => 'message' in one)).toMatchObject({ state: 'approved', message: 'by han.meimei' });

  const waiting = fleetOf((_host, args) => {
    if (args[0] !== 'record') return undefined;
    // Somebody loses patience once it waits.
    if (args[2]?.includes('"checked"')) setTimeout(waiting.interrupt);
    return verdict(null);
  }, required);
  expect((await faultOf(waiting)).exit).toBe(EXIT.interrupted);
  expect(waiting.road()).toEqual(both('facts'));
  expect(waiting.said.join('')).toContain('https://reg.example.cn/system/releases/');
});

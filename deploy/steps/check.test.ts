import { expect, test } from 'vitest';
import { goodFacts, RELEASES, someEnvironment } from '../test/fake-fleet.ts';
import { judge, remarksOn } from './check.ts';
import { clockDifference, type HostFacts, readFacts } from './facts.ts';

const { environment } = someEnvironment({ slb: { addresses: ['10.0.1.0/24'], probers: ['10.0.1.1', '10.0.1.2'] } });
const [host] = environment.hosts as [(typeof environment.hosts)[number]];
const facts = (changes: Partial<HostFacts> = {}): HostFacts => ({
  ...readFacts(host, goodFacts(host), 0, Date.now()),
  ...changes,
});
const faults = (changes: Partial<HostFacts>, options = {}) => judge(environment, facts(changes), options);

test('a good host has no fault', () => {
  expect(faults({})).toEqual([]);
  expect(facts()).toMatchObject({ current: RELEASES.old, serving: true, halfWay: false, probers: { '10.0.1.1': 200 } });
});

test('a clock counts as wrong only when no delay of the line can explain it', () => {
  // Asked at 1,000, answered at 1,400: read somewhere between.
  expect(clockDifference(1200, 1000, 1400)).toEqual({ offsetMs: 0, leastMs: 0 });
  expect(clockDifference(1400, 1000, 1400).leastMs).toBe(0);
  expect(clockDifference(4000, 1000, 1400)).toEqual({ offsetMs: 2800, leastMs: 2600 });
  expect(clockDifference(-2000, 1000, 1400).leastMs).toBe(3000);
  expect(faults({ clock: { offsetMs: -9000, leastMs: 8800 } })).toEqual([
    expect.stringMatching(/clock is behind by at least 8800 ms/),
  ]);
});

test('all that is wrong with a host is told, each in words', () => {
  const lock = { held: true, holder: 'han.meimei', fence: 3, since: '', expiresAt: '10:00', doing: '' };
  const found = faults({
    ...{ freeMb: 12, platform: 'linux-arm64', nginx: null, nginxTest: 'unknown directive', takenPorts: ['api'] },
    ...{ hasEnv: false, halfWay: true, phase: 'switched', lock },
  });
  expect(found.map((one) => one.split(' ').slice(0, 4).join(' '))).toEqual([
    '12 MB free, 3000',
    'it is linux-arm64, the',
    'nginx is not installed:',
    'nginx refuses its configuration:',
    'port api is taken',
    'env/dengji.env is missing: run',
    'it is in the',
    'locked by han.meimei until',
  ]);
});

test('the holder of the lock is not told that it is locked, and a rollback needs no room', () => {
  const lock = { held: true, holder: 'me', fence: 3, since: '', expiresAt: '', doing: '' };
  expect(faults({ lock, freeMb: 1 }, { locked: true, rollback: true })).toEqual([]);
});

test('what the SLB thinks is a remark: silent nodes, and nodes that got no 200', () => {
  expect(remarksOn(environment, facts({ probers: { '10.0.1.1': 503 }, pending: ['m2'] }))).toEqual([
    'no probe of the SLB node 10.0.1.2 was seen',
    'the SLB node 10.0.1.1 got 503 last',
    'migrations pending: m2',
  ]);
  expect(remarksOn(environment, facts({ probers: {} }))[0]).toMatch(/no probe of the SLB was seen/);
  expect(remarksOn(environment, facts({ current: null }))).toEqual(['new: no release yet']);
});

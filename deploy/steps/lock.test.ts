import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EXIT, type Fault, HostFault, SshFault } from '../faults.ts';
import { fakeFleet, refusal } from '../test/fake-fleet.ts';
import { type Holder, startHeartbeat, takeLock } from './lock.ts';

const holder: Holder = {
  name: 'li.lei',
  machine: 'laptop',
  doing: 'release',
  since: '2026-11-21T09:00:00Z',
  token: 't',
};
const take = ({ context }: ReturnType<typeof fakeFleet>) =>
  takeLock(context.remote, context.loaded.environment, context.hosts, holder);
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it went well'),
    (error: unknown) => error as Fault,
  );

test('all hosts get one fence, higher than any of them ever had', async () => {
  const fleet = fakeFleet((host, args) =>
    args[1] === 'show' ? { lock: { fence: host.name === 'h1' ? 4 : 9 } } : undefined,
  );
  expect(await take(fleet)).toBe(10);
  const taken = fleet.calls.filter(({ name }) => name === 'lock take');
  expect(taken.map(({ host, args }) => [host, args.at(-1)])).toEqual([
    ['h1', '10'],
    ['h2', '10'],
  ]);
});

test('a host that gives a higher fence than asked for makes all take that one', async () => {
  let first = true;
  const fleet = fakeFleet((host, args) => {
    if (args[1] !== 'take' || host.name !== 'h2' || !first) return undefined;
    first = false;
    return { fence: 12 };
  });
  expect(await take(fleet)).toBe(12);
  expect(fleet.calls.filter(({ name }) => name === 'lock take').map(({ args }) => args.at(-1))).toEqual([
    '7',
    '7',
    '12',
    '12',
  ]);
});

test('a second operator reads who holds it, since when, doing what, and the last step; what it took it gives back', async () => {
  const other = { ...holder, name: 'han.meimei', doing: 'release v2' };
  const fleet = fakeFleet((host, args) => {
    if (args[1] === 'take' && host.name === 'h2') {
      throw refusal(host, 'lock take', EXIT.locked, { holder: other, expiresAt: '2026-11-21T09:30:00Z' });
    }
    if (args[0] !== 'records') return undefined;
    const event = { release: '20261121-090000-abcdef1', seq: 9, state: 'deploying', kind: 'release', by: 'han.meimei' };
    return { records: [{ ...event, at: '2026-11-21T09:10:00Z', host: 'h2', step: 'drained' }] };
  });
  const fault = await caught(take(fleet));
  expect(fault.exit).toBe(EXIT.locked);
  expect(fault.message).toMatch(/han\.meimei \(on laptop\) since 2026-11-21T09:00:00Z, doing: release v2/);
  expect(fault.message).toMatch(/drained on h2 of release 20261121-090000-abcdef1, at 2026-11-21T09:10:00Z/);
  expect(fault.message).toMatch(/2026-11-21T09:30:00Z/);
  expect(fleet.calls.filter(({ name }) => name === 'lock give').map(({ host }) => host)).toEqual(['h1']);
});

test('a line that breaks is an ssh failure and never a lock', async () => {
  const fleet = fakeFleet((host, args) => {
    if (args[1] === 'take') throw new SshFault(host.name, 'Connection refused');
    return undefined;
  });
  const fault = await caught(take(fleet));
  expect(fault.exit).toBe(EXIT.failed);
  expect(fault.message).toBe('h1: ssh failed: Connection refused');
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const beat = (fleet: ReturnType<typeof fakeFleet>, lost: (fault: Fault) => void) =>
  startHeartbeat(fleet.context.remote, fleet.context.loaded.environment, fleet.context.hosts, 7, lost);

test('the lease is renewed four times in its time, and not after the end', async () => {
  const fleet = fakeFleet();
  const heart = beat(fleet, () => expect.fail('nothing was lost'));
  await vi.advanceTimersByTimeAsync(25_000);
  expect(fleet.calls.filter(({ name }) => name === 'lock renew')).toHaveLength(10);
  const ending = heart.stop();
  await vi.advanceTimersByTimeAsync(25_000);
  await ending;
  expect(fleet.calls).toHaveLength(10);
});

test('a host that says that another has it, and a lease that can not be renewed, are told as lost', async () => {
  const taken: string[] = [];
  const fenced = fakeFleet((host) => {
    throw new HostFault(host.name, 'lock renew', 'fenced', 'fence 7 is old: 8 is han.meimei', EXIT.fenced);
  });
  const heart = beat(fenced, (fault) => taken.push(`${fault.exit} ${fault.message}`));
  await vi.advanceTimersByTimeAsync(7_000);
  void heart.stop();
  expect(taken[0]).toMatch(/^75 The lock was lost: h1: lock renew: fence 7 is old/);

  const away: string[] = [];
  const cut = fakeFleet((host) => {
    if (host.name === 'h2') throw new SshFault(host.name, 'timed out');
    return undefined;
  });
  const other = beat(cut, (fault) => away.push(fault.message));
  await vi.advanceTimersByTimeAsync(49_000);
  expect(away).toEqual([]);
  await vi.advanceTimersByTimeAsync(8_000);
  void other.stop();
  expect(away[0]).toMatch(/The lease on h2 ended: .*ssh failed: timed out/);
});

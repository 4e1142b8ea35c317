import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { acquire } from './mutex.mjs';
import { makeHost, release, until, type TestHost } from './test/host.ts';

let host: TestHost;
afterEach(() => host.close());

const phase = async () => JSON.parse((await host.file('state/host.json')) ?? '{}').phase;

describe('an operator who was replaced', () => {
  it('wakes up and changes nothing: his command was stopped in the middle, and is killed by the take-over', async () => {
    host = await makeHost();
    await host.addRelease(release(1), { stopMs: 1_500 });
    await host.addRelease(release(2));
    const first = await host.take('first');
    await host.deploy(release(1), first);
    await host.ok('lock', 'give', '--fence', String(first));
    const sleeper = await host.take('sleeper', 5);
    await host.ok('drain', '--for', release(2), '--hold', '--fence', String(sleeper));
    const { child, answer } = host.begin(['stop', '--fence', String(sleeper)]);
    await until(async () => (await phase()) === 'stopping');
    process.kill(child.pid!, 'SIGSTOP');
    const second = await until(async () => {
      const { exit, json } = await host.call(['lock', 'take', '--holder', '{"name":"second"}', '--lease', '3600']);
      return exit === 0 && (json.fence as number);
    });
    // There is nothing left that SIGCONT could wake.
    expect(() => process.kill(child.pid!, 'SIGCONT')).toThrow('ESRCH');
    expect((await answer).exit).toBe(null);
    expect(await phase()).toBe('stopping');
    const healed = await host.ok('heal', '--fence', String(second));
    expect(healed).toMatchObject({ healed: true, release: release(1) });
    expect((await host.call(['switch', release(2), '--fence', String(sleeper)])).exit).toBe(75);
    const facts = await host.facts();
    expect(facts).toMatchObject({ current: release(1), draining: false, lock: { fence: second } });
    expect(facts.ready).toMatchObject({ status: 200, build: release(1) });
  }, 600_000);

  it('whose line broke can go on: a wait that still runs gives way, and a repeated step finds its work done', async () => {
    host = await makeHost();
    await host.addRelease(release(1));
    const fence = String(await host.take());
    await host.deploy(release(1), Number(fence));
    await host.ok('drain', '--for', release(1), '--fence', fence);
    host.counters.writing = 3;
    const { answer } = host.begin(['wait', 'drained', '--deadline', '100', '--fence', fence]);
    await until(async () => (await host.facts()).running?.command === 'wait drained');
    expect(await host.ok('heal', '--fence', fence)).toMatchObject({ healed: true, release: release(1) });
    expect((await answer).exit).toBe(null);
    host.counters.writing = 1;
    await host.ok('drain', '--for', release(1), '--fence', fence);
    await host.ok('stop', '--fence', fence);
    expect(await host.ok('stop', '--fence', fence)).toMatchObject({ stopped: 0 });
    await host.ok('switch', release(1), '--fence', fence);
    await host.ok('start', '--fence', fence);
    expect(await host.ok('start', '--fence', fence)).toMatchObject({ already: true });
    await host.ok('smoke', release(1), '--fence', fence);
    await host.ok('join', '--fence', fence);
    await host.ok('join', '--fence', fence);
  }, 600_000);
});

describe('a host that nobody finishes', () => {
  it('heals itself when the lease ends, and fences off its operator; one drained on purpose is left alone', async () => {
    host = await makeHost({ lease: 5 });
    await host.addRelease(release(1));
    await host.addRelease(release(2));
    const first = await host.take();
    await host.deploy(release(1), first);
    await host.ok('drain', '--hold', '--fence', String(first));
    await host.ok('lock', 'give', '--fence', String(first));
    expect(await host.ok('watchdog', '--once')).toMatchObject({ healed: false, why: 'drained on purpose' });
    expect(await host.facts()).toMatchObject({ draining: true, left: false, state: { hold: true } });

    const gone = await host.take('gone', 3);
    await host.ok('drain', '--for', release(2), '--fence', String(gone));
    await until(async () => (await phase()) === 'serving');
    const facts = await host.facts();
    expect(facts).toMatchObject({ draining: false, left: false, current: release(1) });
    expect(facts.lock.fence).toBeGreaterThan(gone);
    expect((await host.call(['stop', '--fence', String(gone)])).exit).toBe(75);
  }, 600_000);

  it('is not healed by a timer while its operator lives; held on purpose, it stays out over a reboot', async () => {
    host = await makeHost();
    await host.addRelease(release(1));
    const fence = await host.take();
    await host.deploy(release(1), fence);
    await host.ok('drain', '--hold', '--fence', String(fence));
    // A reboot empties the flag's folder; a watchdog that looked before is still on its way out.
    await rm(host.settings.runtime, { recursive: true });
    const mutex = join(host.root, 'state/.watchdog.json');
    const leave = await until(() => acquire(mutex, { fence: 0, command: 'watchdog' }));
    expect(await host.ok('watchdog', '--once')).toEqual({ ok: true, healed: false, why: 'drained on purpose' });
    await leave();
    expect((await host.facts()).draining).toBe(true);
    await host.ok('drain', '--for', release(1), '--fence', String(fence));
    const { why } = await host.ok('watchdog', '--once');
    expect(['the lock is held', 'another watchdog is awake']).toContain(why);
    expect((await host.facts()).draining).toBe(true);
  }, 600_000);
});

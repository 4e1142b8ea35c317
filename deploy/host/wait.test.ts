import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHost, release, until, type TestHost } from './test/host.ts';

let host: TestHost;
let fence: string;
beforeEach(async () => {
  host = await makeHost();
  await host.addRelease(release(1));
  // A host that had a release before: a bare one has nobody to wait for.
  fence = String(await host.take());
  await host.ok('drain', '--for', release(1), '--hold', '--fence', fence);
  await host.ok('switch', release(1), '--fence', fence);
  await rm(join(host.settings.runtime, 'drain'));
  await writeFile(join(host.root, 'state/host.json'), JSON.stringify({ phase: 'serving' }));
});
afterEach(() => host.close());

const log = () => join(host.settings.logs, 'health.log');
const probe = (prober: string, status: number) =>
  appendFile(log(), `${JSON.stringify({ t: Date.now() / 1000, prober, status })}\n`);
const drain = () => host.ok('drain', '--for', release(1), '--hold', '--fence', fence);
const wait = (way: 'out' | 'in', ...more: string[]) =>
  host.begin(['wait', way, '--timeout', '600', '--fence', fence, ...more]);
const isWaiting = () => until(async () => (await host.facts()).running?.command.startsWith('wait'));

describe('wait out and in', () => {
  it('wants enough answers for every prober, counted from the change on and without a break', async () => {
    // What was said before the flag counts for nothing.
    for (const prober of ['127.0.0.21', '127.0.0.22']) for (let n = 0; n < 5; n++) await probe(prober, 503);
    await drain();
    const out = wait('out', '--fall', '3');
    let ended = false;
    void out.answer.then(() => (ended = true));
    await isWaiting();
    for (let n = 0; n < 9; n++) await probe('127.0.0.21', 503);
    await probe('127.0.0.22', 503);
    await probe('127.0.0.22', 503);
    await probe('127.0.0.22', 200);
    await probe('127.0.0.22', 503);
    // Somebody who is no node of the load balancer counts for nothing either.
    for (let n = 0; n < 9; n++) await probe('10.9.9.9', 503);
    await probe('127.0.0.22', 503);
    await host.facts();
    expect(ended).toBe(false);
    await probe('127.0.0.22', 503);
    const { exit, json, samples } = await out.answer;
    expect([exit, json.probers]).toEqual([0, { '127.0.0.21': 9, '127.0.0.22': 3 }]);
    expect(samples.length).toBeGreaterThan(0);
    expect((await host.facts()).state.phase).toBe('out');
  }, 600_000);

  it('waits for a named prober that has not been heard, and says in time that it was not', async () => {
    await drain();
    await probe('127.0.0.21', 503);
    const args = [
      'wait',
      'out',
      '--probers',
      '127.0.0.21,127.0.0.22',
      '--fall',
      '1',
      '--timeout',
      '1',
      '--fence',
      fence,
    ];
    const { exit, json } = await host.call(args);
    expect([exit, json.code, json.probers]).toEqual([69, 'not_out', { '127.0.0.21': 1, '127.0.0.22': 0 }]);
  }, 600_000);

  it('follows a log that is rotated, before and while it waits', async () => {
    await probe('127.0.0.21', 200);
    await drain();
    await probe('127.0.0.21', 503);
    await rename(log(), `${log()}.1`);
    await probe('127.0.0.21', 503);
    const out = wait('out', '--fall', '4');
    await isWaiting();
    // nginx writes into the old file until it is told that there is a new one.
    await appendFile(`${log()}.1`, `{"t":${Date.now() / 1000},"prober":"127.0.0.21","status":503}\n{"t":`);
    await rm(`${log()}.1`);
    await rename(log(), `${log()}.1`);
    await probe('127.0.0.21', 503);
    expect((await out.answer).json).toMatchObject({ ok: true, probers: { '127.0.0.21': 4 } });
  }, 600_000);

  it('counts for “in” what came after the flag was removed', async () => {
    await drain();
    await host.ok('start', '--fence', fence);
    await probe('127.0.0.21', 200);
    await host.ok('join', '--fence', fence);
    const back = wait('in', '--rise', '2');
    await isWaiting();
    await probe('127.0.0.21', 200);
    await probe('127.0.0.21', 503);
    await probe('127.0.0.21', 200);
    await probe('127.0.0.21', 200);
    expect((await back.answer).json).toMatchObject({ ok: true, probers: { '127.0.0.21': 2 } });
    expect((await host.facts()).probers).toEqual({ '127.0.0.21': 200 });
  }, 600_000);
});

describe('wait drained', () => {
  it('waits for node and for nginx, and cuts nobody at the deadline', async () => {
    await drain();
    await host.ok('start', '--fence', fence);
    await writeFile(join(host.root, 'inflight'), '1');
    const first = await host.call(['wait', 'drained', '--deadline', '0.5', '--fence', fence]);
    expect([first.exit, first.json.code]).toEqual([69, 'not_drained']);
    expect((await host.call(['stop', '--fence', fence])).json.code).toBe('not_drained');
    await rm(join(host.root, 'inflight'));
    host.counters.writing = 2;
    expect((await host.call(['wait', 'drained', '--deadline', '0.5', '--fence', fence])).exit).toBe(69);
    host.counters.writing = 1;
    host.counters.waiting = 7;
    // Peers serve the next request of an idle client; nginx keeps its configuration.
    expect(await host.ok('wait', 'drained', '--deadline', '20', '--fence', fence)).toMatchObject({ idleToo: false });
    expect((await host.facts()).processes.length).toBeGreaterThan(0);
  }, 600_000);

  it('waits for idle clients too when nginx will be reloaded', async () => {
    await host.addRelease(release(2), { nginx: 'another' });
    await host.ok('drain', '--for', release(2), '--hold', '--fence', fence);
    host.counters.waiting = 7;
    expect((await host.call(['wait', 'drained', '--deadline', '0.5', '--fence', fence])).exit).toBe(69);
    host.counters.waiting = 0;
    expect(await host.ok('wait', 'drained', '--deadline', '20', '--fence', fence)).toMatchObject({ idleToo: true });
  }, 600_000);
});

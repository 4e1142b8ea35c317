import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHost, release, until, type TestHost } from './test/host.ts';

let host: TestHost;
beforeEach(async () => void (host = await makeHost()));
afterEach(() => host.close());

const holder = (name: string) => JSON.stringify({ name });
const take = (name: string, ...more: string[]) => [
  'lock',
  'take',
  '--holder',
  holder(name),
  '--lease',
  '3600',
  ...more,
];

describe('the lock of a host', () => {
  it('is given to one of several who ask at once; the others are told who has it, with a code that is not ssh’s', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => host.call(take(name))));
    expect(answers.map(({ exit }) => exit).toSorted()).toEqual([0, 73, 73, 73, 73]);
    const { lock } = await host.ok('lock', 'show');
    for (const { json } of answers.filter(({ exit }) => exit === 73))
      expect(json).toMatchObject({ code: 'locked', holder: lock.holder, expiresAt: lock.expiresAt });
  });

  it('gives fences that only grow, at least the one that is asked for, and the same holder may ask again', async () => {
    expect((await host.ok(...take('a'))).fence).toBe(1);
    expect((await host.ok(...take('a', '--fence-at-least', '7'))).fence).toBe(7);
    await host.ok('lock', 'give', '--fence', '7');
    expect(await host.ok('lock', 'give', '--fence', '7')).toMatchObject({ ok: true });
    expect((await host.ok(...take('b'))).fence).toBe(8);
    expect((await host.call(['lock', 'renew', '--fence', '7'])).exit).toBe(75);
    expect((await host.call(['lock', 'give', '--fence', '7'])).exit).toBe(75);
  });

  it('fences off whoever had it when it is broken, or when his lease ended: nothing of his changes anything', async () => {
    await host.addRelease(release(1));
    const broken = await host.take('a');
    await host.ok('lock', 'break');
    const late = await host.take('b', 1);
    await until(async () => !(await host.ok('lock', 'show')).lock.held);
    for (const fence of [broken, late, 99]) {
      for (const command of [['drain', '--for', release(1)], ['stop'], ['switch', release(1)], ['start'], ['join']]) {
        const { exit, json } = await host.call([...command, '--fence', String(fence)]);
        expect({ command, exit, code: json.code }).toEqual({ command, exit: 75, code: 'fenced' });
      }
    }
    expect(await host.facts()).toMatchObject({ current: null, draining: false, state: { phase: 'serving' } });
  });

  it('refuses what it does not understand with 64, and changes nothing', async () => {
    const fence = await host.take();
    const wrong = [
      ['lock', 'take', '--holder', '{', '--lease', '5'],
      ['lock', 'take', '--holder', '{}', '--lease', '-1'],
      ['drain', '--for', '../../etc', '--fence', String(fence)],
      ['nonsense'],
      ['facts', '--unknown', 'x'],
      ['stop'],
    ];
    const exits = await Promise.all(wrong.map((args) => host.call(args)));
    expect(exits.map(({ exit, json }) => [exit, json.ok])).toEqual(wrong.map(() => [64, false]));
    expect(await host.facts()).toMatchObject({ draining: false, lock: { fence }, state: { phase: 'serving' } });
  });
});

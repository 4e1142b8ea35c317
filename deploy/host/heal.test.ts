import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeHost, release, until, type Behaviour, type TestHost } from './test/host.ts';

let host: TestHost;
afterEach(() => host.close());

const [OLD, NEW] = [release(1), release(2)];
/** Long enough to be met in the middle. */
const SLOW = 400;
const journal = async () => JSON.parse((await host.file('state/host.json')) ?? '{}');

/** A host in service with the old release, and the new one on it. */
async function serving(behaviour: Behaviour = {}) {
  host = await makeHost();
  host.settings.commands.nginxReload = ['sleep', String(SLOW / 1000)];
  await host.addRelease(OLD, { stopMs: SLOW, nginx: 'old' });
  await host.addRelease(NEW, { startMs: SLOW, nginx: 'new', ...behaviour });
  const fence = await host.take();
  await host.call(['settings', 'put', '--fence', String(fence)], JSON.stringify(host.settings));
  await symlink(`releases/${OLD}`, join(host.root, 'current'));
  await host.ok('heal', '--fence', String(fence));
  await host.ok('publish', NEW, '--fence', String(fence));
  return String(fence);
}

const road = (fence: string) =>
  [['drain', '--for', NEW, '--hold'], ['stop'], ['switch', NEW], ['start'], ['smoke', NEW], ['join']].map((command) => [
    ...command,
    '--fence',
    fence,
  ]);

/** Goes the road until the journal says `phase`, and kills the step that is at it. */
async function killAt(fence: string, phase: string) {
  for (const command of road(fence)) {
    const { child, answer } = host.begin(command);
    let ended = false;
    void answer.then(() => (ended = true));
    await until(async () => ended || (await journal()).phase === phase);
    if ((await journal()).phase === phase) {
      child.kill('SIGKILL');
      await answer;
      return;
    }
    await answer;
  }
  throw new Error(`${phase} was never met`);
}

async function expectServing(id: string) {
  const facts = await host.facts();
  expect(facts).toMatchObject({ current: id, draining: false, left: false, state: { phase: 'serving' } });
  expect(facts.ready).toMatchObject({ status: 200, build: id });
  expect(facts.processes.filter((one: any) => !one.daemon).map((one: any) => one.release)).toEqual([id, id]);
}

describe('heal, after kill -9 of the step that was at it', () => {
  const expected: [string, string][] = [
    ['draining', OLD],
    ['stopping', OLD],
    ['stopped', OLD],
    ['switching', 'what the links name'],
    ['starting', NEW],
    ['started', NEW],
  ];
  it.each(expected)(
    'in phase %s: the host is back in service with %s',
    async (phase, wanted) => {
      const fence = await serving();
      await killAt(fence, phase);
      // The journal speaks before the links turn: the kill may have come between the two.
      const id = phase === 'switching' ? (await host.facts()).current : wanted;
      expect([OLD, NEW]).toContain(id);
      const answer = await host.ok('heal', '--fence', fence);
      expect(answer).toMatchObject({ healed: true, release: id, from: phase });
      await expectServing(id);
      expect((await host.ok('heal', '--fence', fence)).healed).toBe(false);
    },
    600_000,
  );
});

describe('heal, after a release that is no good', () => {
  const bad: [string, Behaviour, string][] = [
    ['dies at boot', { dies: true }, 'start'],
    ['fails its smoke test', { smokeFails: true }, 'smoke'],
    ['runs other code than its files say', { build: OLD }, 'smoke'],
  ];
  it.each(bad)(
    'one that %s: the old one serves again, and the links are as before',
    async (_, behaviour, step) => {
      const fence = await serving(behaviour);
      const before = await host.facts();
      for (const command of road(fence)) {
        const { exit, json } = await host.call(command);
        if (exit === 0) continue;
        expect([command[0], exit]).toEqual([step, 70]);
        expect(json.message).toContain(NEW);
        break;
      }
      expect((await journal()).failed).toBe(step);
      expect(await host.ok('heal', '--fence', fence)).toMatchObject({ healed: true, release: OLD });
      await expectServing(OLD);
      const after = await host.facts();
      expect([after.current, after.previous]).toEqual([before.current, before.previous]);
    },
    600_000,
  );

  it('a host rebooted in the middle has no flag and no processes, and heals', async () => {
    const fence = await serving();
    await killAt(fence, 'stopped');
    await rm(host.settings.runtime, { recursive: true });
    expect(await host.ok('heal', '--fence', fence)).toMatchObject({ healed: true, release: OLD });
    await expectServing(OLD);
  }, 600_000);
});

/** The deploy on a whole fleet: real sshd, nginx, pm2, HAProxy, MongoDB, Redis and server, under load. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIGHT, loadLab, tableOf } from './driver/load.ts';
import { startLab, type Lab } from './lab.ts';
import { currents, diesAtEveryStep } from './scenarios/kills.ts';
import { killNaively, restartNaively } from './scenarios/naive.ts';
import { judgeSlb } from './scenarios/slb-truth.ts';
import { stepsOf } from './steps.ts';
import { QUICK } from './timing.ts';
import { addVariant } from './variants.ts';

let lab: Lab;
const nodes = () => lab.slbs.map(({ name }) => name);

beforeAll(async () => {
  lab = await startLab({ timing: QUICK });
  addVariant(lab.repository, 'plain', 'next');
  addVariant(lab.repository, 'throws', 'broken');
  await lab.firstRelease();
}, 600_000);

afterAll(() => lab?.stop(), 120_000);

test(
  'a release, one that does not start, and a rollback fail no request, lose no write and double none',
  { timeout: 600_000 },
  async () => {
    const load = await loadLab(lab, 'test', LIGHT);
    const released = await lab.deploy(['release', 'next']);
    const [after] = currents(lab);
    const broken = await lab.deploy(['release', 'broken'], { code: 1 });
    expect(currents(lab)).toEqual([after, after]);
    const rolled = await lab.deploy(['rollback']);
    const outcome = await load.stop();

    const told = tableOf(outcome);
    expect(outcome.report.failures, told).toEqual([]);
    expect(outcome.truth, told).toMatchObject({ lost: [], duplicated: [], happenedUnseen: 0 });
    expect(outcome.ticks.doubled).toEqual([]);
    expect(outcome.report.requests).toBeGreaterThan(500);
    expect(new Set(currents(lab)).size).toBe(1);
    expect(currents(lab)).not.toContain(after);
    // Both SLB nodes had each host out, and in, when the deploy said so.
    for (const { said } of [released, rolled])
      expect(judgeSlb(said, lab.view, nodes())).toEqual({ judged: 2 * 2 * 2, wrong: [] });
    expect(stepsOf(released.said).some(({ failed }) => failed)).toBe(false);
    expect(broken.text).toMatch(/h1\b.*start/s);
  },
);

test('the same load sees what naive restarts cost', { timeout: 300_000 }, async () => {
  const load = await loadLab(lab, 'naive', LIGHT);
  await restartNaively(lab);
  await killNaively(lab);
  const outcome = await load.stop();
  expect(outcome.report.failures.length, tableOf(outcome)).toBeGreaterThan(0);
  await lab.untilUp();
});

test('who resumes after the operator was killed finishes the release', { timeout: 600_000 }, async () => {
  expect(await diesAtEveryStep(lab, () => undefined, [['h1', 'stop']])).toEqual([]);
});

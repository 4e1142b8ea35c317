/**
 * `npm run proof -- deploy [--small]`: ten releases in a row under a constant mixed load of 100,000 requests and more, then the
 * same load on naive restarts, which must fail; then operators that die or sleep at every step. The last line is one JSON object.
 */
import { FULL, LIGHT, loadLab, tableOf, type LabLoad, type Outcome } from '../driver/load.ts';
import { startLab } from '../lab.ts';
import { diesAtEveryStep, wakesUpTooLate } from '../scenarios/kills.ts';
import { killNaively, restartNaively } from '../scenarios/naive.ts';
import { refusals } from '../scenarios/refusals.ts';
import { judgeSlb } from '../scenarios/slb-truth.ts';
import { releaseAll, SERIES } from '../scenarios/ten-releases.ts';
import { until } from '../wait.ts';
import { QUICK, REAL } from '../timing.ts';

const small = process.argv.includes('--small');
const given = (name: string, fallback: number) =>
  Number(process.argv.find((one) => one.startsWith(`--${name}=`))?.split('=')[1] ?? fallback);
const REQUESTS = given('requests', small ? 1_500 : 100_000);
const NAIVE_ROUNDS = given('naive', small ? 1 : 3);

const began = performance.now();
const say = (text: string) => console.log(`${((performance.now() - began) / 1_000).toFixed(1)} s: ${text}`);
const lab = await startLab({ timing: small ? QUICK : REAL, accounts: small ? 40 : 120, say });
let ok = false;
try {
  await lab.deploy(['release', 'base']);
  await lab.untilUp();
  const amount = small ? LIGHT : { ...FULL, rate: given('rate', FULL.rate) };
  const nodes = lab.slbs.map(({ name }) => name);

  const load = await loadLab(lab, 'road', amount);
  // In its small form only what the lab's own tests leave out: they make a release and a rollback.
  const series = small ? SERIES.slice(1, 2) : SERIES;
  const told = await releaseAll(lab, say, series);
  await atLeast(load, REQUESTS);
  const road = await load.stop();
  say(`the deploy:\n${tableOf(road)}`);
  const verdicts = told.map(({ finished }) => judgeSlb(finished.said, lab.view, nodes));
  const slb = {
    judged: verdicts.reduce((sum, one) => sum + one.judged, 0),
    wrong: verdicts.flatMap(({ wrong }) => wrong),
  };

  const control = await loadLab(lab, 'naive', amount);
  for (let round = 0; round < NAIVE_ROUNDS; round += 1) {
    await restartNaively(lab);
    await killNaively(lab);
  }
  const naive = await control.stop();
  say(`naive restarts:\n${tableOf(naive)}`);
  await lab.untilUp();

  const faults = small
    ? []
    : [...(await refusals(lab, say)), ...(await wakesUpTooLate(lab, say)), ...(await diesAtEveryStep(lab, say))];
  const wrong = told.filter(({ right }) => !right).map(({ what }) => what);
  ok =
    road.report.requests >= REQUESTS &&
    clean(road) &&
    naive.report.failed > 0 &&
    [...slb.wrong, ...faults, ...wrong].length === 0;
  for (const fault of [...slb.wrong, ...faults]) say(`WRONG: ${fault}`);
  console.log(
    JSON.stringify({
      proof: 'deploy',
      releases: told.length,
      wrong,
      requests: road.report.requests,
      ...figures(road),
      slb: { judged: slb.judged, wrong: slb.wrong.length },
      faults: faults.length,
      naive: { requests: naive.report.requests, ...figures(naive) },
      ok,
    }),
  );
} finally {
  await lab.stop();
}
process.exit(ok ? 0 : 1);

function atLeast(running: LabLoad, requests: number): Promise<true> {
  return until(`${requests} requests`, async () => (await running.report()).requests >= requests, 3_600_000, 1_000);
}

function figures({ report, truth, ticks }: Outcome) {
  return {
    failed: report.failed,
    slow: report.slow,
    lost: truth.lost.length,
    duplicated: truth.duplicated.length,
    happenedUnseen: truth.happenedUnseen,
    ticks: ticks.ticks,
    doubledTicks: ticks.doubled.length,
  };
}

function clean({ report, truth, ticks }: Outcome): boolean {
  return report.failed + truth.lost.length + truth.duplicated.length + ticks.doubled.length === 0;
}

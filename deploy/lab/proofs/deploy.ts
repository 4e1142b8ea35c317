/**
 * `npm run proof -- deploy`: ten releases in a row under a constant mixed load of 100,000 requests and more, then the same load
 * on naive restarts, which must fail. Its small form is `lab.test.ts`; operators who die or sleep are `deploy-faults`. Options:
 * `--requests N`, `--rate N` a second, `--naive ROUNDS`. The last line is one JSON object.
 */
import { readProofOptions, startSaying } from '../../../scripts/lib/proof.mjs';
import { FULL, loadLab, tableOf, type LabLoad, type Outcome } from '../driver/load.ts';
import { startLab } from '../lab.ts';
import { killNaively, restartNaively } from '../scenarios/naive.ts';
import { judgeSlb } from '../scenarios/slb-truth.ts';
import { releaseAll } from '../scenarios/ten-releases.ts';
import { until } from '../wait.ts';
import { REAL } from '../timing.ts';

const { number } = readProofOptions('deploy', {
  noSmall: 'npx vitest run --project lab is what npm test runs.',
  numbers: { requests: 100_000, rate: FULL.rate, naive: 3 },
});
const REQUESTS = number('requests');
const NAIVE_ROUNDS = number('naive');

const say = startSaying();
const lab = await startLab({ timing: REAL, accounts: 120, say });
let ok = false;
try {
  await lab.firstRelease();
  const amount = { ...FULL, rate: number('rate') };
  const nodes = lab.slbs.map(({ name }) => name);

  const load = await loadLab(lab, 'road', amount);
  const told = await releaseAll(lab, say);
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

  const wrong = told.filter(({ right }) => !right).map(({ what }) => what);
  ok =
    road.report.requests >= REQUESTS && clean(road) && naive.report.failed > 0 && [...slb.wrong, ...wrong].length === 0;
  for (const fault of slb.wrong) say(`WRONG: ${fault}`);
  console.log(
    JSON.stringify({
      proof: 'deploy',
      releases: told.length,
      wrong,
      requests: road.report.requests,
      ...figures(road),
      slb: { judged: slb.judged, wrong: slb.wrong.length },
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

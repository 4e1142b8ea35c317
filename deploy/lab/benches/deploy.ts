/**
 * `npm run bench -- deploy`: how long a release of two hosts takes beside the shortest time that is possible without a failed
 * request, and what naive restarts cost. Last line: `{"bench":"deploy","figures":{"overhead":…}}`.
 */
import { FULL, loadLab, tableOf, type Outcome } from '../driver/load.ts';
import { startLab } from '../lab.ts';
import { boundOf } from '../scenarios/bound.ts';
import { killNaively, restartNaively } from '../scenarios/naive.ts';
import { stepsOf } from '../steps.ts';
import { REAL } from '../timing.ts';
import { addVariant } from '../variants.ts';

const RELEASES = Number(process.argv[2] ?? 3);
const say = (text: string) => console.log(text);
const lab = await startLab({ timing: REAL, accounts: 80, say });
try {
  await lab.firstRelease();
  const load = await loadLab(lab, 'bench', FULL);
  const overheads: number[] = [];
  for (let at = 0; at < RELEASES; at += 1) {
    addVariant(lab.repository, 'plain', `bench${at}`);
    const { said } = await lab.deploy(['release', `bench${at}`]);
    const bound = boundOf(stepsOf(said), lab);
    say(`\nrelease ${at + 1}\n${bound.table}`);
    overheads.push(bound.overhead);
  }
  const road = await load.stop();
  say(`\nthe deploy\n${tableOf(road)}`);
  const control = await loadLab(lab, 'naive', FULL);
  await restartNaively(lab);
  await killNaively(lab);
  const naive = await control.stop();
  say(`\nnaive restarts\n${tableOf(naive)}\n`);
  const overhead = overheads.toSorted((a, b) => a - b)[Math.floor(overheads.length / 2)]!;
  const three = ({ report, truth }: Outcome, prefix = '') => ({
    [`${prefix}failed`]: report.failed,
    [`${prefix}lost`]: truth.lost.length,
    [`${prefix}duplicated`]: truth.duplicated.length,
  });
  const figures = { overhead: Math.round(overhead * 100) / 100, ...three(road), ...three(naive, 'naive_') };
  console.log(JSON.stringify({ bench: 'deploy', figures }));
} finally {
  await lab.stop();
}
process.exit(0);

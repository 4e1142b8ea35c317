/**
 * `npm run proof -- deploy-faults`: what must be refused, an operator who wakes up after a take-over, and one who dies at every
 * step of a release. The last line is one JSON object.
 */
import { readProofOptions, startSaying } from '../../../scripts/lib/proof.mjs';
import { startLab } from '../lab.ts';
import { diesAtEveryStep, STEPS, wakesUpTooLate } from '../scenarios/kills.ts';
import { refusals } from '../scenarios/refusals.ts';
import { REAL } from '../timing.ts';

readProofOptions('deploy-faults', { noSmall: 'npx vitest run --project lab lets one operator die.' });
const say = startSaying();
const lab = await startLab({ timing: REAL, say });
const faults: string[] = [];
try {
  await lab.firstRelease();
  for (const scenario of [refusals, wakesUpTooLate, diesAtEveryStep]) faults.push(...(await scenario(lab, say)));
  for (const fault of faults) say(`WRONG: ${fault}`);
} finally {
  await lab.stop();
}
const ok = faults.length === 0;
console.log(JSON.stringify({ proof: 'deploy-faults', deaths: STEPS.length, faults: faults.length, ok }));
process.exit(ok ? 0 : 1);

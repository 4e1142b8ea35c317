import type { Finished } from '../operator.ts';
import type { Lab } from '../lab.ts';
import { addVariant } from '../variants.ts';

/** One release of a series, and what came of it. */
export interface Told {
  what: string;
  /** It ended as it should. */
  right: boolean;
  seconds: number;
  finished: Finished;
}

type Work = (lab: Lab, say: (text: string) => void) => Promise<Finished[]>;

/** Ends with a fault that says why, and the fleet goes on serving. */
const fails = async (lab: Lab, ref: string): Promise<Finished[]> => [await lab.deploy(['release', ref], { code: 1 })];
const plain =
  (tag: string): Work =>
  async (lab) => {
    addVariant(lab.repository, 'plain', tag);
    return [await lab.deploy(['release', tag])];
  };

/** Ten releases in a row as a day brings them. */
const SERIES: readonly [string, Work][] = [
  ['a plain release', plain('r01')],
  [
    'one that does not start',
    async (lab) => {
      addVariant(lab.repository, 'throws', 'r02');
      return fails(lab, 'r02');
    },
  ],
  ['a plain release', plain('r03')],
  ['a rollback', async (lab) => [await lab.deploy(['rollback'])]],
  [
    'one whose smoke test fails',
    async (lab) => {
      addVariant(lab.repository, 'refuses', 'r05');
      return fails(lab, 'r05');
    },
  ],
  [
    'one with an expand migration',
    async (lab) => {
      addVariant(lab.repository, 'expand', 'r06');
      return [await lab.deploy(['release', 'r06'])];
    },
  ],
  [
    'a canary that is aborted',
    async (lab) => {
      addVariant(lab.repository, 'plain', 'r07');
      const started = await lab.deploy(['canary', 'r07', '--percent', '30', '--minutes', '0']);
      return [started, await lab.deploy(['canary', 'abort'])];
    },
  ],
  ['a plain release', plain('r08')],
  ['a rollback', async (lab) => [await lab.deploy(['rollback'])]],
  ['a plain release', plain('r10')],
];

/** Makes the releases one after the other. One that ends wrongly is told, and the series goes on. */
export async function releaseAll(lab: Lab, say: (text: string) => void): Promise<Told[]> {
  const told: Told[] = [];
  for (const [at, [what, work]] of SERIES.entries()) {
    const began = Date.now();
    let right = true;
    let finished: Finished[] = [];
    try {
      finished = await work(lab, say);
      await lab.untilUp();
    } catch (error) {
      right = false;
      say((error as Error).message);
    }
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    const said = finished.flatMap((one) => one.said);
    const merged = { code: 0, signal: null, said, text: '', ms: 0, ...finished.at(-1) };
    told.push({ what, right, seconds, finished: { ...merged, said } });
    say(`${at + 1}. ${what}: ${right ? 'as it should' : 'WRONG'}, ${seconds} s`);
  }
  return told;
}

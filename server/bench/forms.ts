/**
 * What rules as data cost: `checkForm` of a form of 200 fields, most of them under a rule, against the same check written by
 * hand for that one form. Both read texts, numbers and days by the same functions, and their verdicts must be equal to the
 * letter. Each side runs in a process of its own, in turn; the measure is CPU time a form.
 * `npm run bench -- forms 9` takes nine rounds of each. Last line: `{"bench":"forms","figures":{"ratio":…}}`, hand / ours.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileBenches, median, runChild } from './children.ts';
import { handWritten } from './forms/by-hand.ts';
import { formOf200 } from './forms/form.ts';
import { vetForm } from '../shared/fields/vet/index.ts';

const ROUNDS = Number(process.argv[2] ?? 7);
/** Each judges 500 forms. */
const PASSES = 10;
const SIDES = ['dengji', 'hand'] as const;

interface Said {
  us: number;
  print: string;
  issues: number;
}

const flaws = vetForm(formOf200);
if (flaws.length) throw new Error(`the form can't be published: ${JSON.stringify(flaws.slice(0, 3))}`);
compileBenches();
const path = join(fileURLToPath(new URL('../..', import.meta.url)), '.data/bench-build/server/bench/forms/hand.js');
writeFileSync(path, handWritten());

const runs: Record<(typeof SIDES)[number], Said[]> = { dengji: [], hand: [] };
for (let round = 0; round < ROUNDS; round += 1)
  for (const side of round % 2 ? SIDES : SIDES.toReversed())
    runs[side].push(await runChild<Said>('forms/side', [side, PASSES, path]));

const prints = new Set([...runs.dengji, ...runs.hand].map(({ print }) => print));
if (prints.size !== 1) throw new Error('the two sides come to different verdicts');
const [dengji, hand] = SIDES.map((side) => median(runs[side].map(({ us }) => us))) as [number, number];
console.table({ dengji: { 'µs CPU a form': Math.round(dengji) }, 'by hand': { 'µs CPU a form': Math.round(hand) } });
console.log(
  JSON.stringify({
    bench: 'forms',
    figures: {
      ratio: Number((hand / dengji).toFixed(3)),
      dengji_us: Math.round(dengji),
      hand_us: Math.round(hand),
      fields: formOf200.steps.flatMap(({ fields }) => fields).length,
    },
  }),
);

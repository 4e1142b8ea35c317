/**
 * One side of the bench: judges the same answers again and again. Arguments: `dengji` or `hand`, rounds, the hand-written
 * module. Prints `{"us":…,"print":"…"}`: CPU µs a form, and a fingerprint of all verdicts.
 */
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { checkForm, type Checked } from '../../shared/fields/index.ts';
import { answersOf, formOf200, TODAY } from './form.ts';

const [side, rounds, path] = process.argv.slice(2) as [string, string, string];
const ctx = { today: TODAY };
type Check = (raw: Record<string, unknown>, today: string) => Checked;
const { check: byHand } = (await import(pathToFileURL(path).href)) as { check: Check };
const check: Check = side === 'hand' ? byHand : (raw) => checkForm(formOf200, raw, ctx);

const all = Array.from({ length: 500 }, (_, i) => answersOf(i));
const hash = createHash('sha256');
for (const raw of all) hash.update(JSON.stringify(check(raw, TODAY)));
for (let warm = 0; warm < 4; warm += 1) for (const raw of all) check(raw, TODAY);

let issues = 0;
const before = process.cpuUsage();
for (let round = 0; round < Number(rounds); round += 1)
  for (const raw of all) issues += check(raw, TODAY).issues.length;
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    us: (user + system) / (Number(rounds) * all.length),
    print: hash.digest('hex').slice(0, 16),
    issues,
  }),
);

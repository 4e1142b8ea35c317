#!/usr/bin/env node
/** `npm test`: everything, on ports and data of its own. */
import { join } from 'node:path';
import { Fault } from './lib/fault.mjs';
import { heldLock } from './lib/lock-file.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { dataDir } from './lib/paths.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';
import { say } from './lib/terminal.mjs';
import { testCopy } from './lib/test-copy.mjs';
import { testMain } from './lib/test-main.mjs';
import { steps } from './lib/test-steps.mjs';

const help = `
npm test [-- --only NAME[,NAME…]]

Runs every check and test and ends with one line: "N passed, N failed". Safe beside a running npm start.

  --only NAMES   only these steps: ${steps.map((one) => one.name).join(', ')}
`;

await runMain(async () => {
  const { values } = readOptions(help, { only: { type: 'string' } });
  const chosen = choose(values.only);
  if (heldLock(join(dataDir, 'start.lock'))) {
    say('npm start runs from this folder: testing a copy of it.');
    process.exit(await testCopy(process.argv.slice(2)));
  }
  await testMain(chosen, () => ensureSystemPackages(say));
});

function choose(only) {
  if (!only) return steps;
  const names = only.split(',').filter(Boolean);
  const unknown = names.find((name) => !steps.some((one) => one.name === name));
  if (unknown) throw new Fault(`There is no step "${unknown}": ${steps.map((one) => one.name).join(', ')}.`);
  return steps.filter((one) => names.includes(one.name));
}

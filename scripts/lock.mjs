#!/usr/bin/env node
/** Completes package-lock.json after a change of dependencies, so that `npm ci` works on every system. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingEntries } from './lib/lock-entries.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { root } from './lib/paths.mjs';

const help = `
node scripts/lock.mjs

Adds the packages for other systems that npm left out of package-lock.json. Run it after "npm install PACKAGE".
`;

await runMain(() => {
  readOptions(help);
  const path = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingEntries(lock);
  const packages = Object.entries({ ...lock.packages, ...missing });
  lock.packages = Object.fromEntries(packages.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${Object.keys(missing).length} entries added\n`);
});

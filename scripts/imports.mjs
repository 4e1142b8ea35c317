#!/usr/bin/env node
/** Checks the import rules of .dependency-cruiser.cjs over the whole tree. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkImports } from './lib/imports.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { root } from './lib/paths.mjs';
import { Fault } from './lib/fault.mjs';

const help = `
node scripts/imports.mjs

Checks who imports whom. Prints each forbidden import with the rule it breaks.
`;

await runMain(async () => {
  readOptions(help);
  const folders = ['server', 'web', 'scripts', 'miniapp', 'deploy'].filter((name) => existsSync(join(root, name)));
  const { modules, violations } = await checkImports(root, folders);
  for (const one of violations) process.stdout.write(`${one.rule}: ${one.from} → ${one.to}\n`);
  // A checker that sees nothing finds nothing: that must not look like success.
  if (modules < 50) throw new Fault(`Only ${modules} modules were seen: the check is broken.`);
  if (violations.length > 0) throw new Fault(`${violations.length} forbidden imports in ${modules} modules.`);
  process.stdout.write(`${modules} modules, no forbidden import\n`);
});

#!/usr/bin/env node
/** Checks that the committed generated files are what the code generates. Leaves them as they were. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './lib/fault.mjs';
import { readOptions, runMain } from './lib/options.mjs';
import { logDir, root } from './lib/paths.mjs';
import { runNpm } from './lib/run.mjs';

const help = `
node scripts/drift.mjs

Generates server/openapi.json and web/api/schema.d.ts anew and compares them with the committed ones.
`;

const generated = ['server/openapi.json', 'web/api/schema.d.ts'];

await runMain(async () => {
  readOptions(help);
  const before = generated.map(read);
  try {
    await runNpm('npm run openapi', ['run', '--silent', 'openapi'], { log: join(logDir, 'openapi.log') });
    const changed = generated.filter((path, index) => read(path) !== before[index]);
    if (changed.length > 0)
      throw new Fault(`Out of date: ${changed.join(', ')}. Run "npm run openapi" and commit the result.`);
  } finally {
    for (const [index, path] of generated.entries()) restore(path, before[index]);
  }
  process.stdout.write(`${generated.join(', ')}: up to date\n`);
});

function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function restore(path, text) {
  if (text === undefined) rmSync(join(root, path), { force: true });
  else if (read(path) !== text) writeFileSync(join(root, path), text);
}

#!/usr/bin/env node
/** Builds the server and the web pages if their sources changed since the last build here. */
import { ensureBuilt } from './lib/build.mjs';
import { readOptions, runMain } from './lib/options.mjs';

const help = `
node scripts/build.mjs

Builds what changed, as npm start does. "npm run build" always builds everything.
`;

await runMain(async () => {
  readOptions(help);
  await ensureBuilt();
});

#!/usr/bin/env node
/** `npm run check`: the fast part of npm test, for every few minutes of work. */
import { readOptions, runMain } from './lib/options.mjs';
import { testMain } from './lib/test-main.mjs';
import { steps } from './lib/test-steps.mjs';

const help = `
npm run check

Format, lint, types, import rules and unit tests: about half a minute. npm test runs everything.
`;

await runMain(async () => {
  readOptions(help);
  await testMain(steps.filter((one) => one.fast));
});

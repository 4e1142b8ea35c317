#!/usr/bin/env node
/** `npm run proof -- NAME`: one proof (lib/named-scripts.mjs says where they are) in its full size; the last line is one JSON object. */
import { PROOFS, runNamed } from './lib/named-scripts.mjs';
import { readOptions, runMain } from './lib/options.mjs';

const help = `
npm run proof -- NAME [--small]

Runs one proof in its full size (minutes to an hour), or as small as npm test does. Without NAME it lists them.
`;

await runMain(async () => {
  const { values, positionals } = readOptions(help, { small: { type: 'boolean' } }, { positionals: true });
  await runNamed('proof', PROOFS, values.small ? [...positionals, '--small'] : positionals);
});

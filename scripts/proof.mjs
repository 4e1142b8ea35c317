#!/usr/bin/env node
/** `npm run proof -- NAME`: one proof (lib/named-scripts.mjs says where they are) in its full size; the last line is one JSON object. */
import { PROOFS, runNamed } from './lib/named-scripts.mjs';
import { readOptions, runMain } from './lib/options.mjs';

const help = `
npm run proof -- NAME [--small] [options of the proof]

Runs one proof in its full size (minutes to an hour), or as small as npm test does. Without NAME it lists them; with NAME
and --help it says which options the proof has.
`;

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2);
  // What stands behind the name is the proof's own: it knows its options, and refuses others.
  if (name?.startsWith('-')) readOptions(help);
  await runNamed('proof', PROOFS, name ? [name, ...args] : []);
});

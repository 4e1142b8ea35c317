#!/usr/bin/env node
/** `npm run bench -- NAME`: one bench (lib/named-scripts.mjs says where they are); the last line it prints is one JSON object with its figures. */
import { BENCHES, runNamed } from './lib/named-scripts.mjs';
import { readOptions, runMain } from './lib/options.mjs';

const help = `
npm run bench -- NAME [arguments of the bench]

Runs one bench and prints a table and, as the last line, one JSON object. Without NAME it lists them.
`;

await runMain(async () => {
  const { positionals } = readOptions(help, {}, { positionals: true });
  await runNamed('bench', BENCHES, positionals);
});

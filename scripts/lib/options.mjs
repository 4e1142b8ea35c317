/** Command-line options with `--help`, for every script alike. */
import { parseArgs } from 'node:util';
import { showFault } from './terminal.mjs';

/**
 * Parses the options, answers --help, refuses unknown ones with one sentence.
 * @param {string} help whole text of --help
 * @param {import('node:util').ParseArgsConfig['options']} options
 * @param {{ positionals?: boolean }} [more]
 */
export function readOptions(help, options = {}, { positionals = false } = {}) {
  try {
    const config = { options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: positionals };
    const parsed = parseArgs(config);
    if (!parsed.values.help) return parsed;
    process.stdout.write(`${help.trim()}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help.trim()}\n`);
    process.exit(2);
  }
}

/** Runs a script's main function: a fault is shown and ends it with 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    showFault(error);
    process.exit(1);
  }
}

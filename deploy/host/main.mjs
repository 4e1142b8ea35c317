#!/usr/bin/env node
import { readArgs } from './args.mjs';
import { EXIT, Fault, usage } from './fault.mjs';
import { logLine } from './log.mjs';
import { hostPaths, makeFolders } from './paths.mjs';

/**
 * The host program: everything that changes a host, run over ssh by the operator's program.
 *   main.mjs --root ROOT COMMAND …
 * The last line on stdout is one JSON object, the exit code says how it ended (README.md beside this file).
 */
async function main() {
  const args = readArgs(process.argv.slice(2));
  const root = args.text('root');
  if (!root || !root.startsWith('/')) throw usage('--root wants an absolute path');
  const paths = hostPaths(root);
  const [name, second] = args.words;
  const commands =
    name === 'lock' ? (await import('./lock-commands.mjs')).lockCommands : (await import('./commands.mjs')).commands;
  const found = [`${name} ${second}`, name].find((one) => Object.hasOwn(commands, one));
  if (!found) throw usage(`unknown command ${args.words.join(' ')}; there are: ${Object.keys(commands).join(', ')}`);
  makeFolders(paths);
  return commands[found]({ paths, args, program: process.argv[1] }).catch((/** @type {Error} */ error) => {
    logLine(paths, 'host', `${args.words.join(' ')}: ${error instanceof Fault ? error.message : error.stack}`);
    throw error;
  });
}

/** @param {number} exit @param {object} answer */
function end(exit, answer) {
  // The callback comes when the line is out, or when nobody listens any more: then there is nothing left to say.
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(exit));
  setTimeout(() => process.exit(exit), 5_000).unref();
}

// The operator's line may break at any moment. A step that has begun is finished, or fenced off, and never dies of a write.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.on('SIGPIPE', () => {});
process.on('SIGHUP', () => {});

main().then(
  (answer) => end(EXIT.ok, { ok: true, ...answer }),
  (error) => {
    const known = error instanceof Fault;
    end(known ? error.exit : EXIT.failed, {
      ok: false,
      code: known ? error.code : (error.code ?? 'internal'),
      message: error.message,
      ...(known ? error.more : {}),
    });
  },
);

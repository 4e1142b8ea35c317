/** Runs test steps one after the other and counts what passed and failed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, tailOf } from './children.mjs';
import { scriptsIn } from './named-scripts.mjs';
import { root } from './paths.mjs';
import { say, step } from './terminal.mjs';
import { countReport, namesOfFailed } from './vitest-report.mjs';

/** @typedef {{ passed: number, failed: number }} Count */

/**
 * @param {typeof import('./test-steps.mjs').steps} steps
 * @param {{ folder: string, defer(work: () => void): void }} run folder: where logs and reports go
 * @returns {Promise<Count>}
 */
export async function runSteps(steps, run) {
  const total = { passed: 0, failed: 0 };
  for (const one of steps) {
    for (const part of partsOf(one)) {
      const count = await runPart(part, run);
      total.passed += count.passed;
      total.failed += count.failed;
    }
  }
  return total;
}

/** A step with several checks becomes several parts. */
function partsOf(one) {
  if (!one.proofs) return [one];
  return [...scriptsIn(one.proofs)].map(([name, path]) => ({
    name: `proof-${name}`,
    title: `Proof ${name}, small`,
    bin: ['tsx', path, '--small'],
  }));
}

async function runPart(part, run) {
  const log = join(run.folder, `${part.name}.log`);
  const report = join(run.folder, `${part.name}.json`);
  let count;
  await step(part.title, async () => {
    const code = await execute(commandOf(part, report), log, run);
    count = part.vitest ? countReport(read(report), code) : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
    if (count.failed > 0) throw new StepFailed();
  }).catch((error) => {
    if (!(error instanceof StepFailed)) throw error;
  });
  if (part.vitest) say(`    ${count.passed} passed, ${count.failed} failed`);
  if (count.failed > 0) {
    if (part.vitest) for (const name of namesOfFailed(read(report), root)) say(`    ✗ ${name}`);
    say(whatFailed(log).replace(/^/gm, '    '));
    if (part.repair) say(`    To repair: ${part.repair}`);
  }
  return count;
}

/** The end of a log; of vitest's only the summary of failures, not the list of what passed. */
function whatFailed(log) {
  const lines = tailOf(log, 5_000).split('\n');
  const summary = lines.findIndex((line) => /^⎯+ (Failed|Unhandled|Startup)/.test(line));
  return (summary === -1 ? lines.slice(-150) : lines.slice(summary, summary + 150)).join('\n');
}

class StepFailed extends Error {}

function commandOf(part, report) {
  if (part.node) return [process.execPath, ...part.node];
  const program = (name) => join(root, 'node_modules/.bin', name);
  if (part.bin) return [program(part.bin[0]), ...part.bin.slice(1)];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return [program('vitest'), 'run', '--project', part.vitest, ...reporters];
}

/** Runs a command to its end. Nothing of the caller's own databases or server settings reaches it. */
async function execute([file, ...args], log, run) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  for (const name of ['MONGO_URL', 'REDIS_URL', 'PORT', 'INTERNAL_PORT', 'HOST', 'ROLE', 'NODE_ENV']) delete env[name];
  delete env.FORCE_COLOR;
  const { exited, pid } = startChild(file, args, { log, env, cwd: root });
  run.current = pid;
  const end = await exited;
  run.current = undefined;
  return end.code ?? 1;
}

function read(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

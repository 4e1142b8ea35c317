/** The frame around a test run: what it needs, where its logs go, how it ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopProcess } from './children.mjs';
import { createEnding } from './ending.mjs';
import { checkNode, ensureInstalled } from './install.mjs';
import { bold, dim, elapsed, say } from './terminal.mjs';
import { runSteps } from './test-run.mjs';

/**
 * Runs the steps, prints the counts as the last line and ends the process: 0 when nothing failed.
 * @param {typeof import('./test-steps.mjs').steps} steps
 * @param {() => Promise<void>} [prepare] what must be there before the first step
 */
export async function testMain(steps, prepare = async () => {}) {
  const began = Date.now();
  const run = { folder: mkdtempSync(join(tmpdir(), 'dengji-test-run-')), current: undefined };
  const ending = createEnding();
  void ending.stopping.then(async () => {
    if (run.current) await stopProcess(run.current);
    process.exit(130);
  });
  checkNode();
  await ensureInstalled();
  await prepare();
  const { passed, failed } = await runSteps(steps, run);
  say(dim(`in ${elapsed(Date.now() - began)}`));
  if (failed > 0) say(`Logs: ${run.folder}`);
  else rmSync(run.folder, { recursive: true, force: true });
  say(bold(`${passed} passed, ${failed} failed`));
  process.exit(failed > 0 ? 1 : 0);
}

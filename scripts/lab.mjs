#!/usr/bin/env node
/** `npm run lab`: the deploy lab of deploy/lab, until Ctrl-C. */
import { createEnding } from './lib/ending.mjs';
import { startChild, stopProcess } from './lib/children.mjs';
import { checkNode, ensureInstalled } from './lib/install.mjs';
import { runMain } from './lib/options.mjs';
import { root } from './lib/paths.mjs';

await runMain(async () => {
  checkNode();
  await ensureInstalled();
  const ending = createEnding();
  const args = ['--import', 'tsx', 'deploy/lab/main.ts', ...process.argv.slice(2)];
  const { pid, exited } = startChild(process.execPath, args, { cwd: root, env: process.env });
  void ending.stopping.then(() => stopProcess(pid, 60_000));
  const end = await exited;
  process.exit(end.code ?? 1);
});

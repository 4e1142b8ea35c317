/** Tests a copy of the tree, so that a build never changes pages that a running `npm start` serves. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startChild, stopProcess, tellGuard } from './children.mjs';
import { createEnding } from './ending.mjs';
import { binDir, browsersDir, root } from './paths.mjs';

const left = new Set(['node_modules', '.data', '.git', 'dist']);

/**
 * Runs `scripts/test.mjs` in a copy with the same output. The copy shares installed packages and fetched programs.
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 */
export async function testCopy(args) {
  const copy = mkdtempSync(join(tmpdir(), 'dengji-copy-'));
  tellGuard({ removeDir: copy });
  cpSync(root, copy, { recursive: true, filter: (path) => path === root || !left.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  cpSync(binDir, join(copy, '.data/bin'), { recursive: true, filter: (path) => !path.endsWith('.lock') });
  mkdirSync(browsersDir, { recursive: true });
  symlinkSync(browsersDir, join(copy, '.data/test-browsers'));
  const ending = createEnding();
  const { pid, exited } = startChild(process.execPath, [join(copy, 'scripts/test.mjs'), ...args], {
    cwd: copy,
    env: process.env,
  });
  void ending.stopping.then(() => stopProcess(pid, 15_000));
  const end = await exited;
  rmSync(copy, { recursive: true, force: true });
  return end.code ?? 1;
}

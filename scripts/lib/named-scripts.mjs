/** Benches and proofs: TypeScript files of some folders, run by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createEnding } from './ending.mjs';
import { Fault } from './fault.mjs';
import { startChild, stopProcess } from './children.mjs';
import { ensureInstalled } from './install.mjs';
import { root } from './paths.mjs';
import { say } from './terminal.mjs';

/** Names that can be run: `http` for `http.ts`. Tests, and files that others of the folder import, don't count. */
export function namesIn(folder) {
  const files = list(join(root, folder)).filter((path) => path.endsWith('.ts') && !/\.(test|d)\.ts$/.test(path));
  const imported = new Set(
    files.flatMap((path) =>
      [...readFileSync(join(root, folder, path), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, to]) =>
        join(dirname(path), to),
      ),
    ),
  );
  const runnable = files.filter((path) => !path.includes('/') && !imported.has(path));
  return runnable.map((path) => path.slice(0, -'.ts'.length)).toSorted();
}

/** Paths of all files below a folder, relative to it; none when there is no folder. */
function list(folder) {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
}

/** Where benches and proofs live: with the server, with the pages, and with the deploy, which knows nothing of either. */
export const BENCHES = ['server/bench', 'web/bench', 'deploy/lab/benches'];
export const PROOFS = ['server/test/proofs', 'deploy/lab/proofs'];

/** What can be run of several folders: name → path. @param {string[]} folders */
export const scriptsIn = (folders) =>
  new Map(folders.flatMap((folder) => namesIn(folder).map((name) => [name, `${folder}/${name}.ts`])));

/**
 * Runs NAME.ts of one of the folders with our terminal as its own; lists the names when none is given. Ends with its exit code.
 * @param {string} kind "bench", "proof"
 * @param {string[]} folders
 * @param {string[]} args name first, the rest goes to the script
 */
export async function runNamed(kind, folders, [name, ...args]) {
  const scripts = scriptsIn(folders);
  const names = [...scripts.keys()].toSorted();
  if (!name) {
    say(
      names.length > 0 ? `Give a name: npm run ${kind} -- NAME\n\n  ${names.join('\n  ')}` : `There is no ${kind} yet.`,
    );
    return;
  }
  if (!names.includes(name)) throw new Fault(`There is no ${kind} "${name}": ${names.join(', ') || 'none yet'}.`);
  await ensureInstalled();
  const ending = createEnding();
  const program = join(root, 'node_modules/.bin/tsx');
  const { pid, exited } = startChild(program, [join(root, scripts.get(name)), ...args], {
    cwd: root,
    env: process.env,
  });
  void ending.stopping.then(() => stopProcess(pid));
  const end = await exited;
  process.exit(end.code ?? 1);
}

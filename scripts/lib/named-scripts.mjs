/** Benches and proofs: TypeScript files of one folder, run by name. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEnding } from './ending.mjs';
import { Fault } from './fault.mjs';
import { startChild, stopProcess } from './children.mjs';
import { ensureInstalled } from './install.mjs';
import { root } from './paths.mjs';
import { say } from './terminal.mjs';

/** Names that can be run: `http` for `http.ts`. Tests and helpers in subfolders don't count. */
export function namesIn(folder) {
  try {
    return readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
      .map((name) => name.slice(0, -3))
      .toSorted();
  } catch {
    return [];
  }
}

/**
 * Runs `folder/NAME.ts` with our terminal as its own; lists the names when none is given. Ends with its exit code.
 * @param {string} kind "bench", "proof"
 * @param {string} folder
 * @param {string[]} args name first, the rest goes to the script
 */
export async function runNamed(kind, folder, [name, ...args]) {
  const names = namesIn(folder);
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
  const { pid, exited } = startChild(program, [join(root, folder, `${name}.ts`), ...args], {
    cwd: root,
    env: process.env,
  });
  void ending.stopping.then(() => stopProcess(pid));
  const end = await exited;
  process.exit(end.code ?? 1);
}

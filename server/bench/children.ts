import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Makes what production runs: JavaScript by tsc. A loader that compiles on the fly wraps every function. */
export function compileBenches(): void {
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'server/tsconfig.bench.json')], {
    stdio: 'inherit',
  });
}

/**
 * Runs a compiled script of `server/bench` in a process of its own and gives what its last line says.
 * @param script `export/write` for `server/bench/export/write.ts`
 */
export async function runChild<T>(script: string, args: readonly (string | number)[]): Promise<T> {
  const path = join(root, '.data/bench-build/server/bench', `${script}.js`);
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args.map(String)]);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) as string) as T;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

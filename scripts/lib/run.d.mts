/** Types of run.mjs for the lab. */
interface Options {
  log: string;
  env?: NodeJS.ProcessEnv;
}
export function runLogged(what: string, file: string, args: string[], options: Options): Promise<void>;
export function runNpm(what: string, args: string[], options: Options): Promise<void>;
export function shown(path: string): string;

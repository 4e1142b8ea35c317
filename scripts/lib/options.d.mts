/** Types of options.mjs for the lab. */
import type { parseArgs, ParseArgsConfig } from 'node:util';

export function readOptions<const T extends NonNullable<ParseArgsConfig['options']>>(
  help: string,
  options?: T,
  more?: { positionals?: boolean },
): ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;
export function runMain(main: () => Promise<void>): Promise<void>;

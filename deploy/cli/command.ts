import type { ParseArgsConfig } from 'node:util';
import type { Context } from '../steps/session.ts';
import type { Parsed } from './options.ts';

/** One command of the program. */
export interface Command {
  /** e.g. `release REF` */
  usage: string;
  /** One line for the list of commands. */
  summary: string;
  /** The rest of --help. */
  help: string;
  options: NonNullable<ParseArgsConfig['options']>;
  words: { min: number; max: number };
  /** @returns what --json prints; the exit code is 0 unless it throws, or `exit` says otherwise */
  run(context: Context, parsed: Parsed): Promise<object>;
}

import { parseArgs, type ParseArgsConfig } from 'node:util';
import { EXIT, Fault } from '../faults.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Understood by every command. */
export const common = {
  env: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  by: { type: 'string' },
  without: { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const satisfies Options;

export const commonHelp = `
Options of every command:
  --env NAME       the environment: a file of deploy/environments, or a path (.ts, .json). Required
  --dry-run        prints the exact remote commands and runs none
  --json           one JSON object on stdout at the end; lines for people go to stderr
  --by NAME        who you are in records and to other operators (default: git config user.name)
  --without HOST   leaves a host out, e.g. a broken one; may be repeated
  --help
Exit codes: 0 ok · 1 failed, the fleet goes on serving · 2 usage or environment file · 69 timed out ·
            73 locked by another operator · 75 fenced off · 130 interrupted
`;

export interface Parsed {
  words: string[];
  flags: Record<string, string | boolean | string[] | undefined>;
}

/** @throws Fault (usage) for an unknown option or a wrong number of words */
export function parse(argv: string[], options: Options, words: { min: number; max: number }): Parsed {
  let found: { values: Parsed['flags']; positionals: string[] };
  try {
    found = parseArgs({
      args: argv,
      options: { ...common, ...options },
      allowPositionals: true,
      strict: true,
    }) as never;
  } catch (error) {
    throw new Fault(`${(error as Error).message}\nSee --help.`, EXIT.usage, { cause: error });
  }
  const count = found.positionals.length;
  if (found.values['help'] !== true && (count < words.min || count > words.max)) {
    throw new Fault(
      `${count < words.min ? 'something is missing' : 'too many words'}: ${argv.join(' ')}\nSee --help.`,
      EXIT.usage,
    );
  }
  return { words: found.positionals, flags: found.values };
}

export const text = ({ flags }: Parsed, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
};

/** @throws Fault (usage) when it is no number within the bounds */
export function number(parsed: Parsed, name: string, min: number, max: number): number | undefined {
  const value = text(parsed, name);
  if (value === undefined) return undefined;
  const found = Number(value);
  if (!Number.isFinite(found) || found < min || found > max || value.trim() === '') {
    throw new Fault(`--${name} must be a number from ${min} to ${max}, not ${value}.`, EXIT.usage);
  }
  return found;
}

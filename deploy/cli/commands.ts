import type { Command } from './command.ts';
import { check } from './check.ts';
import { release, resume, rollback } from './releases.ts';

/** All commands, in the order in which --help lists them. */
export const commands: Record<string, Command> = { check, release, rollback, resume };

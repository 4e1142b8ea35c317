import { canary } from './canary.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { drain, join, lock, prune, unlock } from './fleet.ts';
import { release, resume, rollback } from './releases.ts';
import { setup } from './setup.ts';
import { logs, status } from './status.ts';

/** All commands, in the order in which --help lists them. */
export const commands: Record<string, Command> = {
  ...{ setup, check, release, rollback, canary, status, logs, resume },
  ...{ drain, join, prune, lock, unlock },
};

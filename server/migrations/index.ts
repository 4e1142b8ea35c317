import type { Migration } from '../src/infra/mongo/index.ts';
import * as indexes from './2026-11-21-indexes.ts';
import * as work from './2026-11-21-work.ts';
import * as releases from './2026-11-22-releases.ts';

/** Every migration there ever was, oldest first. Forward only: expand, migrate, contract in a later release. */
export const migrations: readonly Migration[] = [indexes, work, releases];

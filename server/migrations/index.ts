import type { Migration } from '../src/infra/mongo/index.ts';
import * as indexes from './2026-11-21-indexes.ts';
import * as work from './2026-11-21-work.ts';
import * as releases from './2026-11-22-releases.ts';
import * as files from './2026-11-22-files.ts';
import * as records from './2026-11-22-records.ts';
import * as listed from './2026-11-22-listed.ts';
import * as versions from './2026-11-22-versions.ts';
import * as wechat from './2026-11-22-wechat.ts';

/** Every migration there ever was, oldest first. Forward only: expand, migrate, contract in a later release. */
export const migrations: readonly Migration[] = [indexes, work, listed, records, releases, versions, files, wechat];

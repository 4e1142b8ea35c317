import { migrations } from '../../migrations/index.ts';
import type { Deps } from '../deps.ts';
import { runMigrations } from '../infra/mongo/index.ts';

/** Brings the database to this release: expands only, so that the release before goes on working beside it. */
export const migrate = (deps: Deps): Promise<unknown> => runMigrations(deps.mongo, migrations, deps.log);

import type { Item } from '../../common/admin/api/types.ts';

export type Schedule = Item<'listSchedules'>;
export type JobRun = Item<'listJobRuns'>;
export type DeadWork = Item<'listDeadWork'>;

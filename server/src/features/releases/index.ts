import type { Deps } from '../../deps.ts';
import { cron, type CronJob } from '../../infra/jobs/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Webhooks } from '../webhooks/index.ts';
import { ReleaseCallbacksController } from './callbacks.controller.ts';
import { createApprovals } from './releases.approve.ts';
import { ReleasesController } from './releases.controller.ts';
import { createRead } from './releases.read.ts';
import { createTake } from './releases.take.ts';
import { createTell } from './releases.tell.ts';

export { releaseModel } from './releases.model.ts';

/** What was put in service, when, by whom and with whose approval. */
export function createReleases(deps: Deps, { audit, webhooks }: { audit: Audit; webhooks: Pick<Webhooks, 'tell'> }) {
  const tell = createTell(webhooks, deps.config);
  const read = createRead(deps);
  const approvals = createApprovals(deps, { audit, tell });
  const expiry: CronJob = {
    name: 'release-expiry',
    label: { 'zh-CN': '过期未审批的发布', en: 'Releases nobody approved' },
    ticks: cron('*/10 * * * *'),
    missed: 'latest',
    timeLimitMs: 10 * 60_000,
    run: ({ signal }) => approvals.expire(signal),
  };
  return {
    jobs: [expiry],
    controllers: [
      new ReleaseCallbacksController(createTake(deps, { tell }), read),
      new ReleasesController(read, approvals),
    ],
  };
}

import { createDeployer } from '../../server/test/fakes/deployer.ts';
import type { Site } from './server.ts';

const SECRET = 'a secret of the deployment';
const COMMIT = '4f1c2d9e8b7a60514233c2b1a0f9e8d7c6b5a493';
const ARTIFACT = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** Ids of releases: one that is done, one that waits for an approval, one that failed, one under way, a rollback. */
export type Releases = Record<'done' | 'waiting' | 'failed' | 'moving' | 'rollback', string>;

const HOST_STEPS = [
  ['deploying', 'begun', null],
  ['deploying', 'drain', 41],
  ['deploying', 'out', 6_204],
  ['deploying', 'drained', 9_870],
  ['deploying', 'stop', 612],
  ['deploying', 'switch', 95],
  ['deploying', 'start', 1_412],
  ['verifying', 'smoke', 830],
  ['verifying', 'join', 38],
  ['verifying', 'in', 4_105],
  ['verifying', 'in service', 23_280],
] as const;

/** Has a deployment tell of some releases. */
export async function recordReleases(site: Site): Promise<Releases> {
  site.deps.config.deploySecret = SECRET;
  const deployer = createDeployer({ origin: site.baseUrl, secret: SECRET, clock: () => site.clock() });
  const begin = async (id: string, facts: object, created: object = {}) => {
    const release = deployer.release(id, { by: 'li.lei', commit: COMMIT, environment: 'production', ...facts });
    await release.tell('created', { message: 'release main of 4f1c2d9 to host1, host2', ...created });
    await release.tell('checked', { step: 'check', durationMs: 2_310, message: 'clock skew 4 ms\nnginx -t ok' });
    return release;
  };
  type Told = Awaited<ReturnType<typeof begin>>;
  const build = (release: Told) =>
    release.tell('building', { step: 'build', durationMs: 38_400, artifact: ARTIFACT, message: 'artifact 48.2 MB' });
  const onHost = async (release: Told, host: string, steps: readonly (readonly [string, string, number | null])[]) => {
    for (const [state, step, durationMs] of steps) {
      if (durationMs !== null && step !== 'in service') site.clock.advance(durationMs);
      const message = step === 'drained' ? 'in flight: node 3, nginx 4\nin flight: node 0, nginx 0' : undefined;
      await release.tell(state, {
        host,
        step,
        ...(durationMs === null ? {} : { durationMs }),
        ...(message ? { message } : {}),
      });
    }
  };

  const done = await begin('20261121-090000-4f1c2d9', { ref: 'v2.7.0' });
  await build(done);
  for (const host of ['host1', 'host2']) await onHost(done, host, HOST_STEPS);
  await done.tell('done', { message: '2 hosts, 0 failed requests' });

  const failed = await begin('20261121-100000-4f1c2d9', { ref: 'v2.7.1' });
  await build(failed);
  await onHost(failed, 'host1', HOST_STEPS.slice(0, 7));
  const fault = 'smoke: GET /api/citizen/forms answered 500\nhost1 is back on 20261121-090000-4f1c2d9';
  await failed.tell('failed', { host: 'host1', step: 'smoke', durationMs: 1_204, message: fault });

  const rollback = await begin('20261121-103000-4f1c2d9', {
    ref: 'v2.6.4',
    kind: 'rollback',
    target: '20261119-180000-aa00bb1',
  });
  await onHost(rollback, 'host1', HOST_STEPS);
  await rollback.tell('done');

  const waiting = await begin(
    '20261121-110000-4f1c2d9',
    { ref: 'release/2026-11-evening-window' },
    { approvalRequired: true },
  );
  const moving = await begin('20261121-113000-4f1c2d9', { ref: 'v2.8.0', by: 'han.mei' });
  await build(moving);
  await onHost(moving, 'host1', HOST_STEPS);
  await onHost(moving, 'host2', HOST_STEPS.slice(0, 3));
  return { done: done.id, waiting: waiting.id, failed: failed.id, moving: moving.id, rollback: rollback.id };
}

import { placeOf } from '../config/settings.ts';
import type { Environment, Host } from '../config/schema.ts';

/** Pure: a call of the host program. @param hash which version of it (`ProgramFiles.hash`) */
export function hostArgv(environment: Environment, host: Host, hash: string, args: readonly string[]): string[] {
  const { root } = placeOf(environment, host);
  return [`${root}/host/node`, `${root}/host/${hash}/main.mjs`, '--root', root, ...args];
}

/** The calls of the host program, each as its arguments. `fence` is the number under which this operator holds the lock. */
export const hostCommands = {
  facts: () => ['facts'],
  lockShow: () => ['lock', 'show'],
  lockTake: (holder: object, leaseS: number, fenceAtLeast: number) => [
    ...['lock', 'take', '--holder', JSON.stringify(holder)],
    ...['--lease', String(leaseS), '--fence-at-least', String(fenceAtLeast)],
  ],
  lockRenew: (fence: number) => ['lock', 'renew', '--fence', String(fence)],
  lockGive: (fence: number) => ['lock', 'give', '--fence', String(fence)],
  lockBreak: () => ['lock', 'break'],
  putSettings: (fence: number) => ['settings', 'put', ...fenced(fence)],
  putEnv: (fence: number) => ['env', 'put', ...fenced(fence)],
  receive: (fence: number, id: string, sha256: string, bytes: number) => [
    ...['receive', id, '--sha256', sha256, '--bytes', String(bytes), ...fenced(fence)],
  ],
  publish: (fence: number, id: string) => ['publish', id, ...fenced(fence)],
  migrate: (fence: number, id: string, timeoutS: number) => [
    'migrate',
    id,
    '--timeout',
    String(timeoutS),
    ...fenced(fence),
  ],
  drain: (fence: number, id: string) => ['drain', '--for', id, ...fenced(fence)],
  /** On purpose, without a release: nobody heals it, until `join`. */
  hold: (fence: number) => ['drain', '--hold', ...fenced(fence)],
  approval: (id: string) => ['approval', id],
  waitSlb: (fence: number, way: 'out' | 'in', probers: readonly string[], threshold: number, timeoutS: number) => [
    ...['wait', way, '--probers', probers.length > 0 ? probers.join(',') : 'auto'],
    ...[way === 'out' ? '--fall' : '--rise', String(threshold), '--timeout', String(timeoutS), ...fenced(fence)],
  ],
  waitDrained: (fence: number, deadlineS: number) => [
    'wait',
    'drained',
    '--deadline',
    String(deadlineS),
    ...fenced(fence),
  ],
  /** `force`: nothing can be in flight, and nginx may not run yet to say so. */
  stop: (fence: number, force = false) => ['stop', ...(force ? ['--force'] : []), ...fenced(fence)],
  switch: (fence: number, id: string) => ['switch', id, ...fenced(fence)],
  start: (fence: number) => ['start', ...fenced(fence)],
  smoke: (fence: number, id: string) => ['smoke', id, ...fenced(fence)],
  join: (fence: number) => ['join', ...fenced(fence)],
  heal: (fence: number) => ['heal', ...fenced(fence)],
  canaryStart: (fence: number, id: string) => ['canary', 'start', id, ...fenced(fence)],
  canarySet: (fence: number, canary: object) => ['canary', 'set', JSON.stringify(canary), ...fenced(fence)],
  canaryStop: (fence: number) => ['canary', 'stop', ...fenced(fence)],
  canaryFigures: (since: number) => ['canary', 'figures', '--since', String(since)],
  record: (event: object) => ['record', '--event', JSON.stringify(event)],
  records: (limit: number) => ['records', '--limit', String(limit)],
  prune: (fence: number, releases: number, assetsDays: number) => [
    ...['prune', '--keep', String(releases), '--assets-days', String(assetsDays), ...fenced(fence)],
  ],
  logs: (lines: number, side: string) => ['logs', '--lines', String(lines), '--side', side],
} as const;

function fenced(fence: number): string[] {
  return ['--fence', String(fence)];
}

import { withCommas } from '../../../server/shared/messages/signs.ts';
import { duration } from '../../common/admin/text/format.ts';
import { locale } from '../../common/admin/text/locale.ts';
import { t } from './releases.texts.ts';
import type { Release, ReleaseEvent, ReleaseHost, ReleaseState } from './releases.types.ts';

/** The step with which a host serves citizens again; its duration is that of all its steps. */
const IN_SERVICE = 'in service';

const TONES: Partial<Record<ReleaseState, 'success' | 'warn' | 'danger' | 'primary'>> = {
  approved: 'primary',
  building: 'primary',
  deploying: 'primary',
  verifying: 'primary',
  done: 'success',
  failed: 'danger',
  rolledBack: 'warn',
};
export const toneOf = (state: ReleaseState) => TONES[state];

/** Not at its end: worth another look. */
export const isMoving = ({ endedAt }: Release): boolean => endedAt === null;

export const shortCommit = (commit: string | null): string => commit?.slice(0, 7) ?? '';

/** What people call it: the branch or tag, else its number. */
export const nameOf = ({ ref, target, id }: Release): string => ref ?? target ?? id;

/** Under 10 s with one decimal: a step is often shorter than a second. */
export function tookText(ms: number): string {
  if (ms >= 9_950) return duration(ms / 1_000);
  return `${ms < 50 ? '< 0.1' : (ms / 1_000).toFixed(1)} ${locale.value === 'zh-CN' ? '秒' : 's'}`;
}

/** How long it took; that it goes on; nothing for one that waits for a person. */
export function lastedText({ durationMs, approval }: Release): string {
  if (durationMs !== null) return tookText(durationMs);
  return approval.waiting ? '—' : t('running');
}

/** "host1、host2", or how many of them are done while it goes on. */
export function hostsText(release: Release): string {
  const { hosts } = release;
  if (hosts.length === 0) return '—';
  const done = hosts.filter(({ state }) => state === 'done').length;
  if (isMoving(release) || done < hosts.length) return t('hostsDone', { done, all: hosts.length });
  if (hosts.length > 3) return t('hostsAll', { all: hosts.length });
  return withCommas(
    locale.value,
    hosts.map(({ name }) => name),
  );
}

/** The steps that our deployment has; any other is shown as it is written. */
const STEPS = {
  check: 'stepCheck',
  build: 'stepBuild',
  settings: 'stepSettings',
  ship: 'stepShip',
  publish: 'stepPublish',
  migrate: 'stepMigrate',
  begun: 'stepBegun',
  drain: 'stepDrain',
  out: 'stepOut',
  drained: 'stepDrained',
  stop: 'stepStop',
  switch: 'stepSwitch',
  start: 'stepStart',
  smoke: 'stepSmoke',
  join: 'stepJoin',
  in: 'stepIn',
  'in service': 'stepInService',
  heal: 'stepHeal',
  beside: 'stepBeside',
  share: 'stepShare',
  unlead: 'stepUnlead',
  canary: 'stepCanary',
} as const;

/** What was done: the step, or where none is told the state. */
export function stepText({ step, state }: ReleaseEvent): string {
  if (step === null) return t(state);
  return Object.prototype.hasOwnProperty.call(STEPS, step) ? t(STEPS[step as keyof typeof STEPS]) : step;
}

/** How long a step took, for the bars; that of a whole host is none. */
export const barOf = ({ step, durationMs }: ReleaseEvent): number => (step === IN_SERVICE ? 0 : (durationMs ?? 0));

/** One part of what happened: before the hosts, a host, after them. */
export interface Stage {
  key: string;
  name: string;
  host: ReleaseHost | null;
  steps: ReleaseEvent[];
}

/** The events by where they happened, hosts in the order in which they came. */
export function stagesOf(hosts: readonly ReleaseHost[], events: readonly ReleaseEvent[]): Stage[] {
  const firstHost = events.findIndex(({ host }) => host !== null);
  const loose = (event: ReleaseEvent, index: number, before: boolean) =>
    event.host === null && (firstHost < 0 || index < firstHost) === before;
  const stages: Stage[] = [
    { key: '<', name: t('before'), host: null, steps: events.filter((event, at) => loose(event, at, true)) },
    ...hosts.map((host) => ({
      key: host.name,
      name: host.name,
      host,
      steps: events.filter((event) => event.host === host.name),
    })),
    { key: '>', name: t('after'), host: null, steps: events.filter((event, at) => loose(event, at, false)) },
  ];
  return stages.filter(({ steps }) => steps.length > 0);
}

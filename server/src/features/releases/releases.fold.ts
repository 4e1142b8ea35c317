import type { ReleaseApproval, ReleaseEvent, ReleaseHost, ReleaseSummary } from './releases.model.ts';
import { canFollow, isBefore, isEnd, touches, type ReleaseState } from './releases.states.ts';

/** Where the events contradict each other: `to` can't come after `from`. */
export interface Contradiction {
  from: ReleaseState;
  to: ReleaseState;
}

/**
 * The first pair of events, by seq, that can't follow each other. Events come late and in any order: where numbers are
 * missing between two, what is missing may explain them.
 */
export function contradictionIn(events: readonly ReleaseEvent[]): Contradiction | null {
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    if (before && !canFollow(before.state, event.state, event.seq > before.seq + 1))
      return { from: before.state, to: event.state };
  }
  return null;
}

/** An approval holds for a commit, and for one artifact: the one that was there, or the first that is made of the commit. */
export function approvalHolds(approval: ReleaseApproval | null, events: readonly ReleaseEvent[]): boolean {
  if (!approval) return false;
  const commit = last(events, 'commit');
  if (approval.commit !== null && commit !== approval.commit) return false;
  const artifacts = new Set(events.flatMap(({ artifact }) => artifact ?? []));
  if (approval.artifact === null) return artifacts.size <= 1;
  return last(events, 'artifact') === approval.artifact;
}

/**
 * What the events add up to.
 * @param events by seq, one at least
 */
export function summarise(
  events: readonly ReleaseEvent[],
  { approval, expired }: { approval: ReleaseApproval | null; expired: boolean },
): ReleaseSummary {
  const first = events[0]!;
  const latest = events.at(-1)!;
  const approvalRequired = events.some((event) => event.approvalRequired === true);
  const approved = approvalHolds(approval, events);
  const began = events.find(({ state }) => state === 'created') ?? first;
  const state = shown(latest.state, approved && approvalRequired, expired);
  return {
    kind: last(events, 'kind') ?? 'release',
    target: last(events, 'target'),
    environment: last(events, 'environment'),
    state,
    by: began.by,
    commit: last(events, 'commit'),
    ref: last(events, 'ref'),
    artifact: last(events, 'artifact'),
    approvalRequired,
    approved,
    waiting: approvalRequired && !approved && isBefore(state),
    unapproved: approvalRequired && approval === null && events.some((event) => touches(event.state)),
    hosts: hostsOf(events),
    startedAt: began.at,
    endedAt: isEnd(state) ? latest.at : null,
  };
}

/** A checked one that another person let pass is `approved`, one that nobody let pass in time has failed. */
function shown(state: ReleaseState, approved: boolean, expired: boolean): ReleaseState {
  if (!isBefore(state)) return state;
  if (expired) return 'failed';
  return approved && (state === 'created' || state === 'checked') ? 'approved' : state;
}

/** The step of a host's last event, when it serves citizens again. */
const IN_SERVICE = 'in service';

/** Each host by its last event. One that was being verified is done once the release went on elsewhere, or ended well. */
function hostsOf(events: readonly ReleaseEvent[]): ReleaseHost[] {
  const names = [...new Set(events.flatMap(({ host }) => host ?? []))];
  return names.map((name) => {
    const own = events.filter(({ host }) => host === name);
    const [first, latest] = [own[0]!, own.at(-1)!];
    const after = events.filter(({ seq }) => seq > latest.seq);
    const next = after.find(({ state, host }) => isEnd(state) || (state === 'deploying' && host !== null));
    const ended = isEnd(latest.state) ? latest : next;
    return { name, state: hostState(latest, next), startedAt: first.at, endedAt: ended?.at ?? null };
  });
}

function hostState(latest: ReleaseEvent, next: ReleaseEvent | undefined): ReleaseState {
  if (isEnd(latest.state) || !next) return latest.state;
  if (next.state === 'deploying') return 'done';
  return latest.step === IN_SERVICE && next.state === 'failed' ? 'done' : next.state;
}

function last<K extends keyof ReleaseEvent>(
  events: readonly ReleaseEvent[],
  key: K,
): NonNullable<ReleaseEvent[K]> | null {
  return (events.findLast((event) => event[key] !== null)?.[key] ?? null) as NonNullable<ReleaseEvent[K]> | null;
}

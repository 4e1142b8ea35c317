import type { z } from '../../http/index.ts';
import type { ReleaseEvent, ReleaseRow } from './releases.model.ts';
import type { ReleaseDetail, ReleasePage, ReleaseVerdict } from './releases.schema.ts';

type Item = z.output<typeof ReleasePage>['items'][number];
type EventItem = z.output<typeof ReleaseDetail>['events'][number];

const moment = (at: Date | null) => at?.toISOString() ?? null;
const between = (from: Date, to: Date | null) => to && Math.max(0, to.getTime() - from.getTime());

/** Who let pass what it is now; nobody when that has changed since. */
function approvalOf({ approval, approved }: ReleaseRow) {
  const held = approved ? approval : null;
  return { by: held?.by ?? null, at: moment(held?.at ?? null) };
}

/** What a machine is answered. */
export function presentVerdict(doc: ReleaseRow): z.output<typeof ReleaseVerdict> {
  return { id: doc._id, state: doc.state, approval: { required: doc.approvalRequired, ...approvalOf(doc) } };
}

/** A release as a row of a list. */
export function presentRelease(doc: ReleaseRow): Item {
  const { kind, target, environment, state, by, ref, commit, artifact, startedAt, endedAt } = doc;
  return {
    id: doc._id,
    kind,
    target,
    environment,
    state,
    by,
    ref,
    commit,
    artifact,
    startedAt: startedAt.toISOString(),
    endedAt: moment(endedAt),
    durationMs: between(startedAt, endedAt),
    hosts: doc.hosts.map((host) => ({
      name: host.name,
      state: host.state,
      startedAt: host.startedAt.toISOString(),
      endedAt: moment(host.endedAt),
      durationMs: between(host.startedAt, host.endedAt),
    })),
    approval: {
      required: doc.approvalRequired,
      ...approvalOf(doc),
      waiting: doc.waiting,
      expiresAt: moment(doc.expiresAt),
      expired: doc.expiredAt !== null,
      missing: doc.unapproved,
    },
  };
}

export const presentEvent = (event: ReleaseEvent): EventItem => ({
  seq: event.seq,
  at: event.at.toISOString(),
  receivedAt: event.receivedAt.toISOString(),
  state: event.state,
  by: event.by,
  host: event.host,
  step: event.step,
  durationMs: event.durationMs,
  message: event.message,
});

import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { afterCommit, transact } from '../../infra/mongo/index.ts';
import { approvalHolds, contradictionIn, summarise } from './releases.fold.ts';
import { MAX_EVENTS, releaseModel, type ReleaseDoc, type ReleaseEvent } from './releases.model.ts';
import { touches } from './releases.states.ts';
import type { TellRelease } from './releases.tell.ts';

/** A release that nobody approves in this time has failed. */
export const WAIT_MS = 24 * 3_600_000;

/** Takes events as they come: late, in another order, twice. What a record says is always what all of them together say. */
export function createTake(
  { mongo, clock, log }: Pick<Deps, 'mongo' | 'clock' | 'log'>,
  { tell }: { tell: TellRelease },
) {
  const releases = releaseModel(mongo);

  /**
   * Adds an event to its release; one that is there already changes nothing.
   * @throws release_seq_taken, release_full, release_transition, release_unapproved, release_expired
   */
  return async (id: string, given: Omit<ReleaseEvent, 'receivedAt'>): Promise<ReleaseDoc> => {
    const event: ReleaseEvent = { ...given, receivedAt: clock() };
    return transact(mongo, async () => {
      const doc = await releases.findById(id).lean<ReleaseDoc>();
      const known = doc?.events.find(({ seq }) => seq === event.seq);
      if (known) {
        if (!same(known, event)) throw new Problem('release_seq_taken', { params: { seq: event.seq } });
        return doc!;
      }
      const events = [...(doc?.events ?? []), event].toSorted((a, b) => a.seq - b.seq);
      assertPossible(doc, events, event);
      const approval = doc?.approval ?? null;
      const expiredAt = doc?.expiredAt ?? null;
      const summary = summarise(events, { approval, expired: expiredAt !== null });
      const expiresAt = summary.waiting ? (doc?.expiresAt ?? new Date(clock().getTime() + WAIT_MS)) : null;
      const next = { ...summary, approval, expiresAt, expiredAt, events, rev: (doc?.rev ?? 0) + 1 };
      if (doc) {
        // In a transaction: another writer of it makes one of the two begin again.
        await releases.updateOne({ _id: id, rev: doc.rev }, { $set: next });
      } else await releases.create([{ _id: id, ...next }]);
      const after: ReleaseDoc = { _id: id, ...next };
      await tell.event(after, event);
      afterCommit(mongo, () => log.info('release.recorded', { release: id, seq: event.seq, state: event.state }));
      return after;
    });
  };
}

function assertPossible(doc: ReleaseDoc | null, events: readonly ReleaseEvent[], event: ReleaseEvent): void {
  if (events.length > MAX_EVENTS) throw new Problem('release_full', { params: { max: MAX_EVENTS } });
  const contradiction = contradictionIn(events);
  if (contradiction) throw new Problem('release_transition', { params: { ...contradiction } });
  const isNewest = events.at(-1) === event;
  // What is told late has happened already: the record must say so, whatever was allowed.
  if (!isNewest || !(touches(event.state) || event.state === 'approved')) return;
  if (doc?.expiredAt) throw new Problem('release_expired');
  const required = events.some(({ approvalRequired }) => approvalRequired === true);
  if (required && !approvalHolds(doc?.approval ?? null, events)) throw new Problem('release_unapproved');
}

/** The same event sent again; when it came is no part of it. */
function same(a: ReleaseEvent, b: ReleaseEvent): boolean {
  const said = ({ receivedAt: _when, ...event }: ReleaseEvent) =>
    JSON.stringify(Object.entries(event).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return said(a) === said(b);
}

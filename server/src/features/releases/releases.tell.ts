import type { Webhooks } from '../webhooks/index.ts';
import type { ReleaseDoc, ReleaseEvent } from './releases.model.ts';
import { releaseMessage, TOLD, type Told } from './releases.message.ts';
import type { ReleaseState } from './releases.states.ts';

/** Tells the world of what became of a release. Called inside of the transaction that changes the record. */
export interface TellRelease {
  /** An event was added. */
  event(doc: ReleaseDoc, event: ReleaseEvent): Promise<void>;
  approved(doc: ReleaseDoc): Promise<void>;
  expired(doc: ReleaseDoc): Promise<void>;
}

const isTold = (state: ReleaseState): state is Told => (TOLD as readonly ReleaseState[]).includes(state);

/** A release came into a state, or began with another host: not every step of it. */
function isTurn({ events }: ReleaseDoc, event: ReleaseEvent): boolean {
  const at = events.findIndex(({ seq }) => seq === event.seq);
  const alike = (other: ReleaseEvent | undefined) =>
    other?.state === event.state && (event.state !== 'deploying' || other.host === event.host);
  // Events come in any order: the one behind it may have been told already.
  return !alike(events[at - 1]) && !alike(events[at + 1]);
}

export function createTell(
  webhooks: Pick<Webhooks, 'tell'>,
  { publicOrigin }: { publicOrigin: string | null },
): TellRelease {
  const send = (doc: ReleaseDoc, told: Told, what: Omit<Parameters<typeof releaseMessage>[2], 'publicOrigin'>) =>
    webhooks.tell(releaseMessage(doc, told, { ...what, publicOrigin }));
  return {
    async event(doc, event) {
      const { state, seq, at, by, host, message } = event;
      if (!isTold(state) || !isTurn(doc, event)) return;
      // Of an approval that was required, the approval itself is told.
      if (state === 'approved' && doc.approvalRequired) return;
      await send(doc, state, { key: String(seq), at, by, host, message });
    },
    async approved(doc) {
      const { at, by } = doc.approval!;
      await send(doc, 'approved', { key: `approved-${doc.rev}`, at, by, host: null, message: null });
    },
    async expired(doc) {
      const message = '超过 24 小时无人批准 · Nobody approved it within 24 hours';
      await send(doc, 'failed', { key: 'expired', at: doc.expiredAt!, by: doc.by, host: null, message });
    },
  };
}

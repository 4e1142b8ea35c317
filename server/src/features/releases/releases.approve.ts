import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { holdsEverywhere } from '../scope/index.ts';
import { summarise } from './releases.fold.ts';
import { releaseModel, type ReleaseApproval, type ReleaseDoc } from './releases.model.ts';
import type { TellRelease } from './releases.tell.ts';

/** Whether this member of staff worked on it: operator names are account names. */
const worksOn = ({ name }: StaffCaller, { events }: ReleaseDoc): boolean =>
  events.some(({ by }) => by.trim().toLowerCase() === name.toLowerCase());

/** The second person whom a release may need, and what becomes of one that waits in vain. */
export function createApprovals(
  { mongo, clock }: Pick<Deps, 'mongo' | 'clock'>,
  { audit, tell }: { audit: Pick<Audit, 'record' | 'recordOutside'>; tell: TellRelease },
) {
  const releases = releaseModel(mongo);

  /** Writes a record as it is after a change of its approval. */
  async function change(
    doc: ReleaseDoc,
    part: { approval: ReleaseApproval } | { expiredAt: Date },
  ): Promise<ReleaseDoc> {
    const after = { ...doc, ...part, expiresAt: null, rev: doc.rev + 1 };
    Object.assign(after, summarise(doc.events, { approval: after.approval, expired: after.expiredAt !== null }));
    if (after.expiredAt) after.endedAt = after.expiredAt;
    const { _id, events: _same, ...next } = after;
    await releases.updateOne({ _id, rev: doc.rev }, { $set: next });
    return after;
  }

  return {
    /** Whether the caller could approve it now. */
    may: (caller: StaffCaller, doc: ReleaseDoc): boolean =>
      doc.waiting &&
      (doc.expiresAt === null || doc.expiresAt > clock()) &&
      holdsEverywhere(caller, 'release.approve') &&
      !worksOn(caller, doc),

    /**
     * Lets a release pass. It holds for the commit and artifact that the approver looked at.
     * @throws not_found, release_expired, conflict when it doesn't wait, own_release, edit_conflict when it is another commit or artifact by now
     */
    async approve(
      { caller, ip }: { caller: StaffCaller; ip: string },
      id: string,
      looked: { commit: string | null; artifact: string | null },
    ): Promise<ReleaseDoc> {
      const object = { type: 'release', id };
      return transact(mongo, async () => {
        const doc = await releases.findById(id).lean<ReleaseDoc>();
        if (!doc) throw new Problem('not_found');
        if (doc.expiredAt || (doc.expiresAt && doc.expiresAt <= clock())) throw new Problem('release_expired');
        if (!doc.waiting) throw new Problem('conflict');
        if (worksOn(caller, doc)) {
          await audit.recordOutside({ caller, ip, action: 'release.approved', object, outcome: 'refused' });
          throw new Problem('own_release');
        }
        const { commit, artifact } = doc;
        if (looked.commit !== commit || looked.artifact !== artifact) throw new Problem('edit_conflict');
        const approval = { accountId: caller.accountId, by: caller.name, at: clock(), commit, artifact };
        const after = await change(doc, { approval });
        await audit.record({
          caller,
          ip,
          action: 'release.approved',
          object,
          facts: { author: doc.by, commit: commit ?? '', artifact: artifact ?? '' },
        });
        await tell.approved(after);
        return after;
      });
    },

    /** Ends those that waited too long. Safe to do again, by anybody. */
    async expire(signal?: AbortSignal): Promise<Record<string, number>> {
      let expired = 0;
      for await (const { _id } of releases.find({ waiting: true, expiresAt: { $lte: clock() } }, { _id: 1 }).lean()) {
        signal?.throwIfAborted();
        await transact(mongo, async () => {
          const doc = await releases.findOne({ _id, waiting: true, expiresAt: { $lte: clock() } }).lean<ReleaseDoc>();
          if (!doc) return;
          const after = await change(doc, { expiredAt: clock() });
          await audit.record({
            caller: { kind: 'system' },
            action: 'release.expired',
            object: { type: 'release', id: _id },
          });
          await tell.expired(after);
          expired += 1;
        });
      }
      return { expired };
    },
  };
}

export type Approvals = ReturnType<typeof createApprovals>;

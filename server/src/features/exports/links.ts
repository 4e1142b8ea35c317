import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { randomId } from '../../infra/crypto/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import type { ExportCodec } from './exports.codec.ts';
import { exportLinkModel, exportModel, type ExportDoc } from './exports.model.ts';
import type { Asking, ExportsService } from './exports.service.ts';
import { exportRights, reachOf, covers, type Reach } from './reach.ts';

/** How long a link works, for any number of requests: a download that breaks off goes on under it. */
const LINK_MS = 10 * 60_000;

export type Links = ReturnType<typeof createLinks>;

type Ready = ExportDoc & { file: NonNullable<ExportDoc['file']> };

/**
 * Links to files, for one account and ten minutes. The token stands in the address because browsers' downloads, and their
 * resumption, send no header of ours; alone it opens nothing: the session of the same account has to come with it.
 * It is stored as a keyed hash, and our log names operations, not addresses.
 */
export function createLinks(
  { mongo, clock }: Deps,
  { audit, service, codec }: { audit: Audit; service: ExportsService; codec: ExportCodec },
) {
  const links = exportLinkModel(mongo);

  /** @throws gone when the file is no more, conflict before it is ready */
  function assertReady(doc: ExportDoc): asserts doc is Ready {
    if (doc.state === 'expired' || (doc.file && doc.file.expiresAt <= clock())) throw new Problem('gone');
    if (doc.state !== 'ready' || !doc.file) throw new Problem('conflict');
  }

  return {
    /**
     * Makes a link for the requester, whose rights must still reach what the file holds.
     * @throws not_found, conflict, gone, forbidden
     */
    async make({ caller, ip }: Asking, id: string): Promise<{ url: string; expiresAt: string }> {
      const doc = await service.own(caller, id);
      assertReady(doc);
      const now = reachOf(caller, exportRights(doc.list, doc.clear));
      if (!covers(now, JSON.parse(doc.reach ?? '{"$and":[]}') as Reach)) throw new Problem('forbidden');
      const token = randomId(32);
      const expiresAt = new Date(Math.min(clock().getTime() + LINK_MS, doc.file.expiresAt.getTime()));
      await transact(mongo, async () => {
        await links.create([
          { _id: codec.linkId(token), exportId: doc._id, accountId: caller.accountId, expiresAt, usedAt: null },
        ]);
        await audit.record({ caller, ip, action: 'export.linked', object: { type: 'export', id } });
      });
      return { url: `/api/business/exports/${id}/file?token=${token}`, expiresAt: expiresAt.toISOString() };
    },

    /**
     * The export whose file a link opens for this caller; its first use is recorded.
     * @throws not_found for a token that was not given to this account for this export, gone when it or the file has expired
     */
    async follow({ caller, ip }: { caller: StaffCaller; ip: string }, id: string, token: string): Promise<Ready> {
      const link = await links.findById(codec.linkId(token)).lean();
      if (!link || String(link.exportId) !== id || link.accountId !== caller.accountId) throw new Problem('not_found');
      if (link.expiresAt <= clock()) throw new Problem('gone');
      const doc = await exportModel(mongo).findById(id).lean<ExportDoc>();
      if (!doc) throw new Problem('not_found');
      assertReady(doc);
      if (!link.usedAt)
        await transact(mongo, async () => {
          const { modifiedCount } = await links.updateOne(
            { _id: link._id, usedAt: null },
            { $set: { usedAt: clock() } },
          );
          if (modifiedCount === 0) return;
          await audit.record({
            caller,
            ip,
            action: 'export.downloaded',
            object: { type: 'export', id },
            facts: { list: doc.list, rows: doc.written ?? 0, bytes: doc.file.bytes },
          });
        });
      return doc;
    },
  };
}

import { decodeCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import type { Deps } from '../../deps.ts';
import { formModel, formVersionModel, type FormDoc } from './forms.model.ts';
import { showProposal } from './proposals.presenter.ts';
import type { Proposals } from './proposals.service.ts';
import { vetNow } from './publish.ts';
import { showVersion } from './versions.reader.ts';

type Summary = Pick<FormDoc, '_id' | 'title' | 'status' | 'currentVersion'> & {
  workingVersion: Pick<FormDoc['workingVersion'], 'updatedAt' | 'updatedBy'>;
};

const summary = ({ _id, title, status, currentVersion, workingVersion }: Summary) => ({
  key: _id,
  title,
  status,
  currentVersion,
  updatedAt: workingVersion.updatedAt.toISOString(),
  updatedBy: workingVersion.updatedBy,
});

/** What staff see of forms. */
export function createFormsReader({ mongo, clock }: Deps, { proposals }: { proposals: Proposals }) {
  const forms = formModel(mongo);
  const versions = formVersionModel(mongo);
  return {
    exists: async (key: string): Promise<boolean> => (await forms.exists({ _id: key })) !== null,

    /** The numbers of a form's published versions, newest first (the last thousand). */
    async versionNumbers(key: string): Promise<number[]> {
      const found = await versions.find({ formKey: key }, { number: 1 }).sort({ number: -1 }).limit(1_000).lean();
      return found.map(({ number }) => number);
    },

    /** A page of forms, by key. */
    async list(limit: number, cursor?: string) {
      const after = cursor ? String(decodeCursor(cursor, ['string'])[0]) : '';
      const found = await forms
        .find({ _id: { $gt: after } }, { 'workingVersion.content': 0 })
        .sort({ _id: 1 })
        .limit(limit + 1)
        .lean();
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items: items.map(summary), nextCursor: found.length > limit && last ? encodeCursor([last._id]) : null };
    },

    /** @throws not_found */
    async detail(caller: StaffCaller, key: string) {
      const form = await forms.findById(key).lean();
      if (!form) throw new Problem('not_found');
      const published = await versions.find({ formKey: key }, { content: 0 }).sort({ number: -1 }).limit(200).lean();
      const waiting = await proposals.waiting(key);
      const { content, rev, updatedAt, updatedBy } = form.workingVersion;
      return {
        ...summary(form),
        workingVersion: { content, rev, updatedBy, updatedAt: updatedAt.toISOString() },
        issues: vetNow(content, form.kinds)
          .slice(0, 100)
          .map((issue) => ({ params: {}, ...issue })),
        reviewed: form.reviewed ?? false,
        proposal: waiting && showProposal(waiting, caller, form.scope),
        versions: published.map((version) => showVersion(version, form.currentVersion, clock())),
      };
    },
  };
}

export type FormsReader = ReturnType<typeof createFormsReader>;

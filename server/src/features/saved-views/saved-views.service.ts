import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import { savedViewModel, type SavedViewDoc } from './saved-views.model.ts';
import type { ViewInput } from './saved-views.schema.ts';

/** Views that one account may keep of a list. */
const MOST = 30;
/** Shared ones that a list shows. */
const MOST_SHARED = 50;

type Look = Pick<ViewInput, 'filter' | 'columns' | 'sort'>;

/** Ways to look at lists that people keep under a name. They grant nothing: who opens one sees what the list lets them. */
export function createSavedViews({ mongo, cipher, clock }: Pick<Deps, 'mongo' | 'cipher' | 'clock'>) {
  const views = savedViewModel(mongo);
  const context = (id: unknown) => `savedView:${String(id)}`;
  const present = (doc: SavedViewDoc, caller: StaffCaller) => ({
    id: String(doc._id),
    list: doc.list,
    name: doc.name,
    shared: doc.shared,
    mine: doc.owner === caller.accountId,
    ...cipher.openJson<Look>(doc.sealed, context(doc._id)),
  });
  const seal = (id: unknown, { filter, columns, sort }: ViewInput) =>
    cipher.sealJson({ filter, columns, sort } satisfies Look, context(id));

  /** @throws forbidden: a shared view is everybody's, so it takes the right to set lists up */
  function assertMayShare(caller: StaffCaller, shared: boolean): void {
    if (shared && !caller.permissions.has('record.settings')) throw new Problem('forbidden');
  }

  return {
    /** One's own and the shared ones, by name. */
    async list(caller: StaffCaller, list: SavedViewDoc['list']) {
      const mine = await views
        .find({ owner: caller.accountId, list })
        .sort({ name: 1 })
        .limit(MOST)
        .lean<SavedViewDoc[]>();
      const shared = await views
        .find({ list, shared: true, owner: { $ne: caller.accountId } })
        .limit(MOST_SHARED)
        .lean<SavedViewDoc[]>();
      const all = [...mine, ...shared].sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'));
      return { items: all.map((doc) => present(doc, caller)) };
    },

    /** Keeps a view; one's own of the same name is replaced. @throws conflict for too many, forbidden to share */
    save(caller: StaffCaller, input: ViewInput) {
      assertMayShare(caller, input.shared);
      return transact(mongo, async () => {
        const { list, name, shared } = input;
        const own = { owner: caller.accountId, list };
        const before = await views.findOne({ ...own, name }).lean<SavedViewDoc>();
        if (!before && (await views.countDocuments(own)) >= MOST)
          throw new Problem('conflict', { params: { most: MOST } });
        const _id = before?._id ?? new mongo.base.Types.ObjectId();
        const doc: SavedViewDoc = { _id, ...own, name, shared, sealed: seal(_id, input), updatedAt: clock() };
        if (before) await views.updateOne({ _id }, { $set: doc });
        else await views.create([doc]);
        return present(doc, caller);
      });
    },

    /** @throws not_found for another's */
    async remove(caller: StaffCaller, id: string): Promise<void> {
      const { deletedCount } = await views.deleteOne({ _id: id, owner: caller.accountId });
      if (deletedCount === 0) throw new Problem('not_found');
    },
  };
}

export type SavedViews = ReturnType<typeof createSavedViews>;

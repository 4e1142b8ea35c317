import { FIRST_HOME_PAGE, type HomePage, type Maintenance } from '../../../shared/home-page.ts';
import { isPageLink, isServed } from '../../../shared/pages.ts';
import type { Issue } from '../../../shared/fields/types.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { homePageModel } from './modules.model.ts';

const KEY = 'home-page';

interface Stored {
  page: HomePage;
  rev: number;
}

/** The home page of the mini-program: what there is, what is open, whether it is being worked on. */
export function createModulesService(deps: Deps, { audit }: { audit: Audit }) {
  const model = homePageModel(deps.mongo);

  const load = async (): Promise<Stored> => {
    const row = await model.findById('home').lean();
    return row ? { page: row.page, rev: row.rev } : { page: FIRST_HOME_PAGE, rev: 0 };
  };
  const current = async (): Promise<HomePage> =>
    (await deps.cache.get<Stored>(KEY, { ttl: 60, load }))?.page ?? FIRST_HOME_PAGE;

  return {
    /** As citizens get it. */
    home: async () => ({ build: deps.config.build, ...(await current()) }),

    /** The work that keeps citizens out now, or null. */
    maintenance: async (): Promise<Maintenance | null> => (await current()).maintenance,

    /** As administrators see it: never a moment late. */
    async settings() {
      const { page, rev } = await load();
      return { ...page, rev };
    },

    /** @throws Problem invalid_input (a path that is no page, a key used twice), edit_conflict */
    async change(caller: StaffCaller, ip: string, { rev, ...page }: HomePage & { rev: number }) {
      const issues = issuesOf(page);
      if (issues.length > 0) throw new Problem('invalid_input', { issues });
      return transact(deps.mongo, async () => {
        const before = await load();
        if (before.rev !== rev) throw new Problem('edit_conflict');
        const next = { page, rev: rev + 1, updatedAt: deps.clock() };
        // Two first changes at once meet on the id, two later ones on `rev`: the second is repeated and sees the first.
        if (rev === 0) await model.create([{ _id: 'home', ...next }]);
        else await model.updateOne({ _id: 'home', rev }, { $set: next });
        await audit.record({
          caller,
          ip,
          action: 'modules.changed',
          object: { type: 'homePage', id: 'home' },
          detail: { before: before.page, after: page },
        });
        await deps.cache.drop(KEY);
        return { ...page, rev: rev + 1 };
      });
    },
  };
}

/** What the shapes can't say. */
function issuesOf({ items, share, privacy }: HomePage): Issue[] {
  const unknown = (path: string): Issue => ({ path: `body.${path}`, code: 'unknown_option' });
  const issues: Issue[] = [];
  for (const [at, { key, path, open }] of items.entries()) {
    if (!isPageLink(path) || (open && !isServed(path))) issues.push(unknown(`items.${at}.path`));
    if (items.findIndex((one) => one.key === key) < at)
      issues.push({ path: `body.items.${at}.key`, code: 'duplicate_key' });
  }
  if (!isServed(share.path) || !isPageLink(share.path)) issues.push(unknown('share.path'));
  if (!isServed(privacy.path) || !isPageLink(privacy.path)) issues.push(unknown('privacy.path'));
  return issues;
}

export type ModulesService = ReturnType<typeof createModulesService>;

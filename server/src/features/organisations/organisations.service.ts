import type { Deps } from '../../deps.ts';
import { decodeCursor, encodeCursor, Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import type { RegionTree } from '../regions/index.ts';
import { assertInScope, scoped } from '../scope/index.ts';
import { organisationModel, type OrganisationRecord } from './organisations.model.ts';

export interface Organisation {
  id: string;
  name: string;
  parent: string | null;
  region: string | null;
  /** Ids from the root down to itself. */
  path: string[];
  rev: number;
}

const toOrganisation = (row: OrganisationRecord): Organisation => ({
  id: String(row._id),
  name: row.name,
  parent: row.parent,
  region: row.region,
  path: [...row.scope.orgPath],
  rev: row.rev,
});

const ID = /^[0-9a-f]{24}$/;

/**
 * The tree of organisations. An organisation never moves and is never deleted: documents carry the path to it. Its own scope
 * is its path and its region, so staff of a region see the organisations of that region.
 */
export function createOrganisationTree(deps: Deps, { audit, regions }: { audit: Audit; regions: RegionTree }) {
  const model = organisationModel(deps.mongo);
  const pathKey = (id: string) => `organisation-path:${id}`;

  const orgPath = async (id: string): Promise<string[]> => {
    if (!ID.test(id)) return [];
    const load = async () => (await model.findById(id, { 'scope.orgPath': 1 }).lean())?.scope.orgPath ?? null;
    return (await deps.cache.get<string[]>(pathKey(id), { ttl: 300, load })) ?? [];
  };

  return {
    /** Ids from the root down to the organisation itself; empty for an unknown one. This is a document's `scope.orgPath`. */
    orgPath,

    async list(
      caller: StaffCaller,
      query: { cursor?: string | undefined; limit: number; parent?: string | undefined },
    ) {
      const after = query.cursor === undefined ? null : (decodeCursor(query.cursor, ['string'])[0] as string);
      if (after !== null && !ID.test(after)) decodeCursor('', []);
      const rows = await scoped(model, caller, 'organisation.read')
        .find({ ...(query.parent ? { parent: query.parent } : {}), ...(after ? { _id: { $gt: after } } : {}) })
        .sort({ _id: 1 })
        .limit(query.limit + 1)
        .lean();
      const shown = rows.slice(0, query.limit);
      return {
        items: shown.map(toOrganisation),
        nextCursor: rows.length > query.limit ? encodeCursor([String(shown.at(-1)!._id)]) : null,
      };
    },

    async create(
      caller: StaffCaller,
      ip: string,
      input: { name: string; parent: string | null; region: string | null },
    ): Promise<Organisation> {
      return transact(deps.mongo, async () => {
        const parent =
          input.parent === null
            ? null
            : await scoped(model, caller, 'organisation.write').findOne({ _id: input.parent }).lean();
        if (input.parent !== null && !parent)
          throw new Problem('invalid_input', { issues: [{ path: 'body.parent', code: 'unknown_option' }] });
        const region = input.region ?? parent?.region ?? null;
        if (region !== null && !regions.exists(region))
          throw new Problem('invalid_input', { issues: [{ path: 'body.region', code: 'unknown_region' }] });
        const _id = new deps.mongo.base.Types.ObjectId();
        const scope = {
          regionPath: region === null ? [] : regions.path(region),
          orgPath: [...(parent?.scope.orgPath ?? []), String(_id)],
          createdBy: caller.accountId,
        };
        assertInScope(caller, 'organisation.write', scope);
        if (await model.exists({ parent: input.parent, name: input.name })) throw new Problem('name_taken');
        const row: OrganisationRecord = { _id, name: input.name, parent: input.parent, region, scope, rev: 1 };
        await model.create([row]);
        const object = { type: 'organisation', id: String(_id) };
        await audit.record({
          caller,
          ip,
          action: 'organisation.created',
          object,
          detail: { after: { ...input, region } },
        });
        await deps.cache.drop(pathKey(String(_id)));
        return toOrganisation(row);
      });
    },

    async rename(
      caller: StaffCaller,
      ip: string,
      id: string,
      input: { name: string; rev: number },
    ): Promise<Organisation> {
      return transact(deps.mongo, async () => {
        const reach = scoped(model, caller, 'organisation.write');
        const before = await reach.findOne({ _id: id }).lean();
        if (!before) throw new Problem('not_found');
        if (await model.exists({ parent: before.parent, name: input.name, _id: { $ne: id } }))
          throw new Problem('name_taken');
        const row = await reach
          .findOneAndUpdate({ _id: id, rev: input.rev }, { $set: { name: input.name }, $inc: { rev: 1 } })
          .lean();
        if (!row) throw new Problem('edit_conflict');
        await audit.record({
          caller,
          ip,
          action: 'organisation.changed',
          object: { type: 'organisation', id },
          detail: { before: { name: before.name }, after: { name: input.name } },
        });
        return toOrganisation(row);
      });
    },
  };
}

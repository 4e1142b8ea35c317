import type { Deps } from '../../deps.ts';
import type { Features } from '../index.ts';
import { organisationModel } from '../organisations/index.ts';

/** The id of the organisation of this name under this parent; made if it is not there. For seeds: one process, one at a time. */
export async function seedOrganisation(
  deps: Deps,
  { regions, organisations }: Features,
  input: { name: string; parent: string | null; region: string | null },
): Promise<string> {
  const model = organisationModel(deps.mongo);
  const { name, parent, region } = input;
  const found = await model.findOne({ name, parent }, { _id: 1 }).lean();
  if (found) return String(found._id);
  const _id = new deps.mongo.base.Types.ObjectId();
  const above = parent === null ? [] : await organisations.orgPath(parent);
  const scope = {
    regionPath: region === null ? [] : regions.path(region),
    orgPath: [...above, String(_id)],
    createdBy: 'seed',
  };
  await model.create([{ _id, name, parent, region, scope, rev: 1 }]);
  return String(_id);
}

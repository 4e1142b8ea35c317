import type { Deps } from '../../deps.ts';
import type { NameLookup } from '../../../shared/fields/index.ts';
import type { StaffCaller } from '../../http/index.ts';
import { scoped } from '../scope/index.ts';
import { organisationModel } from './organisations.model.ts';

/** An organisation as it is chosen in a form: its name, and whose it is, which tells two of one name apart. */
export interface OrganisationChoice {
  id: string;
  name: string;
  parent: string | null;
}

const ID = /^[0-9a-f]{24}$/;
const SHOWN = 50;
/** Names that a process keeps for tables; an authority has thousands, not millions. */
const NAMES = 20_000;
const literally = (text: string) => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'iu');

export interface ChoiceQuery {
  /** A part of the name. */
  q?: string | undefined;
  /** These, whatever their names. */
  ids?: readonly string[] | undefined;
}

/** Organisations as the answers of forms name them. */
export function createOrganisationChoices(deps: Deps) {
  const model = organisationModel(deps.mongo);

  const filterOf = ({ q, ids }: ChoiceQuery) => ({
    ...(ids ? { _id: { $in: ids.filter((id) => ID.test(id)) } } : {}),
    ...(q ? { name: literally(q) } : {}),
  });

  async function withParents(
    rows: { _id: unknown; name: string; parent: string | null }[],
  ): Promise<OrganisationChoice[]> {
    const wanted = [...new Set(rows.flatMap(({ parent }) => parent ?? []))];
    const parents = wanted.length ? await model.find({ _id: { $in: wanted } }, { name: 1 }).lean() : [];
    const names = new Map(parents.map(({ _id, name }) => [String(_id), name]));
    return rows.map(({ _id, name, parent }) => ({ id: String(_id), name, parent: names.get(parent ?? '') ?? null }));
  }

  const fields = { name: 1, parent: 1 } as const;
  return {
    /** The first fifty that citizens may choose from, by name. */
    choices: async (query: ChoiceQuery) =>
      withParents(await model.find(filterOf(query), fields).sort({ name: 1, _id: 1 }).limit(SHOWN).lean()),

    /** The same for staff, within their scope. */
    choicesFor: async (caller: StaffCaller, query: ChoiceQuery) =>
      withParents(
        await scoped(model, caller, 'submission.read')
          .find(filterOf(query), fields)
          .sort({ name: 1, _id: 1 })
          .limit(SHOWN)
          .lean(),
      ),

    /** Those of these ids that are organisations. */
    async known(ids: readonly string[]): Promise<Set<string>> {
      const rows = await model.find({ _id: { $in: ids.filter((id) => ID.test(id)) } }, { _id: 1 }).lean();
      return new Set(rows.map(({ _id }) => String(_id)));
    },

    /** All names as they are now, for tables that are read and written as a whole; `find` knows names that only one has. */
    async names(): Promise<NameLookup> {
      const rows = await model.find({}, { name: 1 }).sort({ _id: 1 }).limit(NAMES).lean();
      const byId = new Map(rows.map(({ _id, name }) => [String(_id), name]));
      const byName = new Map<string, string | null>();
      for (const [id, name] of byId) byName.set(name, byName.has(name) ? null : id);
      return { name: (id) => byId.get(id), find: (name) => byName.get(name) ?? undefined };
    },
  };
}

export type OrganisationChoices = ReturnType<typeof createOrganisationChoices>;

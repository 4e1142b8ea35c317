import type { Deps } from '../../deps.ts';
import type { Audit } from '../audit/index.ts';
import type { Organisations } from '../organisations/index.ts';
import type { Access, RecordSettings } from '../record-settings/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Places } from '../scope/index.ts';
import { createLinkAdoption } from './people.adopt.ts';
import { createPeopleBulk } from './people.bulk.ts';
import { createPersonCodec } from './people.codec.ts';
import { PeopleController, type PresentPerson } from './people.controller.ts';
import { createDuplicates } from './people.duplicates.ts';
import { createPeopleEdit } from './people.edit.ts';
import { buildPeopleFilter } from './people.filter.ts';
import { createPeopleJobs, type PeopleUses } from './people.jobs.ts';
import { PERSON_RIGHTS } from './people.fields.ts';
import { createPersonMatch } from './people.match.ts';
import { PeopleMergeController } from './people.merge.controller.ts';
import { createPeopleMerge, type PeopleReferences } from './people.merge.ts';
import { personModel } from './people.model.ts';
import { createPeopleUndo } from './people.undo.ts';
import { createPersonPresenter } from './people.presenter.ts';
import { createPeopleRead, orderOf } from './people.read.ts';
import type { PersonFilters } from './people.schema.ts';

export { beginsWith } from './people.filter.ts';
export { PERSON_FIELDS, PERSON_RIGHTS, SENSITIVE_KEYS } from './people.fields.ts';
export type { Match } from './people.match.ts';
export { personModel, type PersonDoc } from './people.model.ts';
export type { PersonIndexes } from './people.codec.ts';
export type { PeopleRun, PersonRow } from './people.bulk.ts';
export type { Undone } from './people.undo.ts';
export type { Actor } from './people.edit.ts';
export { DeleteInput, personFilters, Reason, Revealed, Timeline, type PersonFilters } from './people.schema.ts';
export type People = ReturnType<typeof createPeople>;

/** The people who are registered, and which account acts for whom. */
export function createPeople(
  deps: Deps,
  others: {
    audit: Audit;
    regions: Regions;
    organisations: Pick<Organisations, 'orgPath'>;
    recordSettings: Pick<RecordSettings, 'access' | 'books'>;
  },
) {
  const { audit, regions, organisations, recordSettings } = others;
  const places: Places = { regionPath: regions.path, orgPath: organisations.orgPath };
  const codec = createPersonCodec(deps.cipher);
  const parts = { audit, regions, places, codec, recordSettings };
  const presenter = createPersonPresenter(codec, regions.lookup);
  const edit = createPeopleEdit(deps, parts);
  const present: PresentPerson = async (doc, { caller, locale }) =>
    presenter.detail(doc, locale, await recordSettings.access(caller, PERSON_RIGHTS));
  const read = createPeopleRead(deps, { ...parts, presenter });
  return {
    /** Where regions and organisations lie; for stamping scopes. */
    places,
    /** Who one submission is about; call it in its transaction. */
    match: createPersonMatch(deps, parts),
    /** Who the rows of an import are about. */
    upsertMany: createPeopleBulk(deps, parts),
    /** Takes back what an import made of people; after its submissions. */
    undoImport: createPeopleUndo(deps, codec),
    /** Moves an account's people to the account that it goes into. */
    adopt: createLinkAdoption(deps),
    /** Blind indexes of numbers as they are stored, and as they are searched for. */
    indexes: codec,
    /** A stored person's facts in clear; for an export that masks by its requester's rights. */
    open: codec.open,
    /** A row of the list, masked. */
    summary: presenter.summary,
    /** The list's filter, without scope and paging. */
    buildFilter: (query: PersonFilters, access: Access) => buildPeopleFilter(codec, query, access),
    create: edit.create,
    list: read.list,
    orderOf,
    model: () => personModel(deps.mongo),
    jobs: (uses: PeopleUses) => createPeopleJobs(deps, { audit, uses }),
    /** Merging duplicates; `references` moves what others keep about people. */
    merging: (references: PeopleReferences) => ({
      controllers: [
        new PeopleMergeController(
          createPeopleMerge(deps, parts, references),
          createDuplicates(deps, { ...parts, presenter }),
          present,
        ),
      ],
    }),
    controllers: [new PeopleController(read, edit, present)],
  };
}

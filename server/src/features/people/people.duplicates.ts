import type { Locale } from '../../../shared/fields/index.ts';
import { PEOPLE_SUBJECT } from '../../../shared/field-policy.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { scoped } from '../scope/index.ts';
import type { PeopleParts } from './people.edit.ts';
import { PERSON_FIELDS, PERSON_RIGHTS } from './people.fields.ts';
import { LIKENESSES } from './people.likenesses.ts';
import { personMergeModel, type PersonMergeDoc } from './people.merge.model.ts';
import { personModel, type PersonDoc } from './people.model.ts';
import type { PersonPresenter } from './people.presenter.ts';

const MOST = 20;

/** People who may be one and the same, and what became of merges. */
export function createDuplicates(
  { mongo }: Deps,
  { codec, recordSettings, presenter }: PeopleParts & { presenter: PersonPresenter },
) {
  const people = personModel(mongo);
  const merges = personMergeModel(mongo);

  async function one(caller: StaffCaller, id: string): Promise<PersonDoc> {
    const doc = await scoped(people, caller, 'person.read').findOne({ _id: id }).lean<PersonDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  return {
    /**
     * Others within the caller's reach with the same name or phone, the most alike first. By what the caller may not look for
     * nobody is found.
     */
    async of(caller: StaffCaller, locale: Locale, id: string) {
      const doc = await one(caller, id);
      const access = await recordSettings.access(caller, PERSON_RIGHTS);
      const may = (key: keyof typeof PERSON_FIELDS) => access.maySearch(PEOPLE_SUBJECT, PERSON_FIELDS[key]);
      const alike = [
        ...(may('name') ? [{ name: doc.name }] : []),
        ...(may('phone') && doc.phoneIndex ? [{ phoneIndex: doc.phoneIndex }] : []),
      ];
      const found = new Map<string, PersonDoc>();
      const reach = scoped(people, caller, 'person.read');
      for (const filter of alike)
        for (const other of await reach
          .find({ ...filter, deletedAt: null, _id: { $ne: doc._id } }, { history: 0 })
          .limit(MOST)
          .lean<PersonDoc[]>())
          found.set(String(other._id), other);
      const facts = codec.open(doc);
      const items = [...found.values()].map((other) => {
        const theirs = codec.open(other);
        const same = LIKENESSES.filter(
          (key) => may(key) && facts[key] !== undefined && JSON.stringify(facts[key]) === JSON.stringify(theirs[key]),
        );
        return { person: presenter.summary(other, locale, access), same };
      });
      return { items: items.sort((a, b) => b.same.length - a.same.length).slice(0, MOST) };
    },

    /** The merges that this person was part of, newest first. */
    async merges(caller: StaffCaller, id: string) {
      const doc = await one(caller, id);
      const found = await merges
        .find({ $or: [{ intoId: doc._id }, { fromId: doc._id }] })
        .sort({ at: -1 })
        .limit(MOST)
        .lean<PersonMergeDoc[]>();
      const others = await scoped(people, caller, 'person.read')
        .find({ _id: { $in: found.map(({ fromId }) => fromId) } }, { mergedInto: 1 })
        .lean<Pick<PersonDoc, '_id' | 'mergedInto'>[]>();
      const there = new Set(others.filter(({ mergedInto }) => mergedInto).map(({ _id }) => String(_id)));
      return {
        items: found.map((merge) => ({
          id: String(merge._id),
          from: String(merge.fromId),
          into: String(merge.intoId),
          submissions: merge.submissions.length,
          by: merge.byName,
          at: merge.at.toISOString(),
          undoneBy: merge.undoneBy,
          undoneAt: merge.undoneAt?.toISOString() ?? null,
          undoable: merge.state === 'done' && there.has(String(merge.fromId)) && caller.permissions.has('person.merge'),
        })),
      };
    },
  };
}

export type Duplicates = ReturnType<typeof createDuplicates>;

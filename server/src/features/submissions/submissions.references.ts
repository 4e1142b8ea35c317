import type { Answers, Field, FormContent, Issue } from '../../../shared/fields/index.ts';
import { planOf } from '../../../shared/fields/index.ts';
import { Problem, type Caller } from '../../http/index.ts';
import type { OrganisationChoices } from '../organisations/index.ts';
import type { People } from '../people/index.ts';
import { scoped } from '../scope/index.ts';

/** An id in the answers, and where it stands. */
interface Reference {
  kind: Field['kind'];
  id: string;
  path: string;
}

function* referencesIn(
  fields: readonly Field[],
  answers: Readonly<Record<string, unknown>>,
  path: string,
): Generator<Reference> {
  for (const { key, kind, fields: inner } of fields) {
    const value = answers[key];
    const place = `${path}.${key}`;
    if ((kind === 'organisation' || kind === 'person') && typeof value === 'string')
      yield { kind, id: value, path: place };
    if (!inner || !Array.isArray(value)) continue;
    for (const [at, record] of (value as Answers[]).entries()) yield* referencesIn(inner, record, `${place}.${at}`);
  }
}

/**
 * The second look at answers, which the database must take part in: that organisations are there, and that people whom staff
 * name are there and within their scope. What an edited record named before stays as it is.
 * @throws invalid_input
 */
export function createReferenceCheck({
  organisations,
  people,
}: {
  organisations: Pick<OrganisationChoices, 'known'>;
  people: Pick<People, 'model'>;
}) {
  async function peopleOf(caller: Caller, ids: string[]): Promise<Set<string>> {
    if (caller.kind !== 'staff' || ids.length === 0) return new Set();
    const rows = await scoped(people.model(), caller, 'person.read')
      .find({ _id: { $in: ids }, deletedAt: null }, { _id: 1 })
      .lean();
    return new Set(rows.map(({ _id }) => String(_id)));
  }

  return async function assertReferences(
    caller: Caller,
    content: FormContent,
    answers: Answers,
    before: Answers = {},
  ): Promise<void> {
    const fields = planOf(content).fields.map(({ field }) => field);
    const old = new Set([...referencesIn(fields, before, 'answers')].map(({ id }) => id));
    const asked = [...referencesIn(fields, answers, 'answers')].filter(({ id }) => !old.has(id));
    if (asked.length === 0) return;
    const idsOf = (kind: string) => asked.filter((one) => one.kind === kind).map(({ id }) => id);
    const [known, met] = [await organisations.known(idsOf('organisation')), await peopleOf(caller, idsOf('person'))];
    const issues = asked.flatMap(({ kind, id, path }): Issue[] => {
      if (kind === 'organisation') return known.has(id) ? [] : [{ path, code: 'unknown_organisation' }];
      return met.has(id) ? [] : [{ path, code: 'unknown_person' }];
    });
    if (issues.length) throw new Problem('invalid_input', { issues });
  };
}

export type AssertReferences = ReturnType<typeof createReferenceCheck>;

import { ruleBook, PEOPLE_SUBJECT, type RuleBook } from '../../../shared/field-policy.ts';
import { fieldsOf, type Field, type FormContent, type Issue } from '../../../shared/fields/index.ts';
import { isSortable } from '../../../shared/record-sorts.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { transact } from '../../infra/mongo/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Roles } from '../roles/index.ts';
import { holdsEverywhere } from '../scope/index.ts';
import { createAccess, type Access } from './access.ts';
import { createConceal, type Conceal } from './conceal.ts';
import { recordSettingsModel, type RecordSettingsDoc } from './record-settings.model.ts';
import type { SettingsInput } from './record-settings.schema.ts';

const CACHE_KEY = 'record-settings';
/** A dropped entry is gone at once; this bounds what a process that missed the drop may believe. */
const TTL_SECONDS = 300;

export type FormSettings = Pick<RecordSettingsDoc, 'rules' | 'review' | 'editHours' | 'sorts' | 'sorted'>;

const NO_SETTINGS: FormSettings = { rules: [], review: false, editHours: 0, sorts: [], sorted: [] };

/** How records are worked on, and what each role may do with single fields of them. */
export function createSettingsService(
  deps: Pick<Deps, 'mongo' | 'cache' | 'clock'>,
  {
    audit,
    forms,
    roles,
  }: { audit: Audit; forms: Pick<Forms, 'exists' | 'published'>; roles: Pick<Roles, 'find' | 'list'> },
) {
  const { mongo, cache, clock } = deps;
  const model = recordSettingsModel(mongo);

  const load = async () => {
    const rows = await model.find().lean<RecordSettingsDoc[]>();
    return Object.fromEntries(
      rows.map(({ _id, rules, review, editHours, sorts, sorted }) => [
        _id,
        { rules, review, editHours, sorts, sorted },
      ]),
    );
  };
  const all = async (): Promise<Record<string, FormSettings>> =>
    (await cache.get<Record<string, FormSettings>>(CACHE_KEY, { ttl: TTL_SECONDS, load })) ?? {};

  /** The rules by form; the same cached settings are taken apart once. */
  const books = async (): Promise<ReadonlyMap<string, RuleBook>> =>
    new Map(
      Object.entries(await all())
        .filter(([, { rules }]) => rules.length > 0)
        .map(([subject, { rules }]) => [subject, ruleBook(rules)]),
    );

  const present = (subject: string, doc: RecordSettingsDoc | null) => ({
    subject,
    rules: (doc?.rules ?? []).map(({ role, field, see, write }) => ({ role, field, see, write })),
    review: doc?.review ?? false,
    editHours: doc?.editHours ?? 0,
    sorts: doc?.sorts ?? [],
    sorted: doc?.sorted ?? [],
    rev: doc?.rev ?? 0,
    updatedAt: doc?.updatedAt.toISOString() ?? null,
    updatedBy: doc?.updatedBy ?? null,
  });

  const whole = async <T>(settings: T) => ({
    ...settings,
    roles: (await roles.list()).map(({ key, label }) => ({ key, label })),
  });

  async function assertThere(subject: string): Promise<FormContent | null> {
    if (subject === PEOPLE_SUBJECT) return null;
    if (!(await forms.exists(subject))) throw new Problem('not_found');
    return (await forms.published(subject))?.content ?? null;
  }

  /** What the shapes can't say. */
  async function issuesOf(subject: string, input: SettingsInput, content: FormContent | null): Promise<Issue[]> {
    const issues: Issue[] = [];
    const fault = (path: string, code: string) => issues.push({ path: `body.${path}`, code });
    const seen = new Set<string>();
    const known = new Map<string, boolean>([['*', true]]);
    for (const [at, { role, field, see, write }] of input.rules.entries()) {
      if (!known.has(role)) known.set(role, (await roles.find(role)) !== null);
      if (!known.get(role)) fault(`rules.${at}.role`, 'unknown_option');
      if (seen.has(`${role} ${field}`)) fault(`rules.${at}`, 'duplicate_key');
      seen.add(`${role} ${field}`);
      if (see === 'hide' && write) fault(`rules.${at}.write`, 'unknown_option');
    }
    const fields = new Map<string, Field>((content ? fieldsOf(content) : []).map((field) => [field.key, field]));
    for (const [at, key] of input.sorts.entries()) {
      const field = fields.get(key);
      if (!field || !isSortable(field)) fault(`sorts.${at}`, 'unknown_option');
      if (input.sorts.indexOf(key) < at) fault(`sorts.${at}`, 'duplicate_key');
    }
    if (subject === PEOPLE_SUBJECT && (input.review || input.editHours > 0)) fault('review', 'unknown_option');
    return issues;
  }

  return {
    /** A form's settings, at most a moment late. */
    of: async (subject: string): Promise<FormSettings> => (await all())[subject] ?? NO_SETTINGS,

    /** Keys of the forms whose records wait for a decision. */
    reviewed: async (): Promise<string[]> =>
      Object.entries(await all())
        .filter(([, { review }]) => review)
        .map(([key]) => key),

    books,

    /** What a caller may do with single fields, by the grants that carry these permissions. */
    access: async (caller: StaffCaller, rights: readonly [Permission, Permission]): Promise<Access> =>
      createAccess(await books(), caller, rights),

    /** What a caller may see of changes that the audit keeps. */
    conceal: async (caller: StaffCaller): Promise<Conceal> => createConceal(await books(), caller),

    /** @throws not_found */
    async get(subject: string) {
      await assertThere(subject);
      return whole(present(subject, await model.findById(subject).lean<RecordSettingsDoc>()));
    },

    /** @throws not_found, invalid_input, edit_conflict, forbidden where the right is bound to a place */
    async change(caller: StaffCaller, ip: string, subject: string, input: SettingsInput) {
      if (!holdsEverywhere(caller, 'record.settings')) throw new Problem('forbidden');
      const issues = await issuesOf(subject, input, await assertThere(subject));
      if (issues.length) throw new Problem('invalid_input', { issues });
      const { rev, ...next } = input;
      return transact(mongo, async () => {
        const before = await model.findById(subject).lean<RecordSettingsDoc>();
        if ((before?.rev ?? 0) !== rev) throw new Problem('edit_conflict');
        // A sort that keeps its slot stays filled in; others are once the records carry them.
        const sorted = next.sorts.filter((key, at) => before?.sorts[at] === key && before.sorted.includes(key));
        const doc: RecordSettingsDoc = {
          _id: subject,
          ...next,
          sorted,
          rev: rev + 1,
          updatedAt: clock(),
          updatedBy: caller.name,
        };
        if (before) await model.updateOne({ _id: subject, rev }, { $set: doc });
        else await model.create([doc]);
        await audit.record({
          caller,
          ip,
          action: 'records.settings',
          object: { type: 'recordSettings', id: subject },
          detail: { before: before && present(subject, before), after: present(subject, doc) },
        });
        await cache.drop(CACHE_KEY);
        return whole(present(subject, doc));
      });
    },

    /** The records of a form carry the values of these sorts now, if they are still the ones wanted. */
    async markSorted(subject: string, sorts: readonly string[]): Promise<void> {
      await model.updateOne({ _id: subject, sorts: { $eq: [...sorts] } }, { $set: { sorted: [...sorts] } });
      await cache.drop(CACHE_KEY);
    },

    /** Forms whose records don't carry all sorts yet, of settings that were changed before this moment. */
    unsorted: (changedBefore: Date): Promise<Pick<RecordSettingsDoc, '_id' | 'sorts'>[]> =>
      model
        .find({ $expr: { $ne: ['$sorts', '$sorted'] }, updatedAt: { $lt: changedBefore } }, { sorts: 1 })
        .lean<RecordSettingsDoc[]>(),

    /** What a list of a form's records offers this caller. @throws not_found */
    async view(caller: StaffCaller, formKey: string) {
      const content = await assertThere(formKey);
      const access = createAccess(await books(), caller, ['submission.read', 'submission.write']);
      const { review, sorts, sorted } = (await all())[formKey] ?? NO_SETTINGS;
      const fields = (content ? fieldsOf(content) : []).filter(({ kind }) => kind !== 'static');
      const search = (field: Field) => access.maySearch(formKey, field);
      return {
        review,
        sorts: sorts.filter((key) => sorted.includes(key) && fields.some((one) => one.key === key && search(one))),
        fields: fields.map((field) => ({ key: field.key, see: access.most(formKey, field), search: search(field) })),
      };
    },
  };
}

export type RecordSettings = ReturnType<typeof createSettingsService>;

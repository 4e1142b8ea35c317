import type { Model, mongo, QueryFilter } from 'mongoose';
import type { Locale } from '../../../shared/fields/index.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import type { Forms } from '../forms/index.ts';
import { PERSON_RIGHTS, type People, type PersonDoc } from '../people/index.ts';
import type { RecordSettings } from '../record-settings/index.ts';
import type { Regions } from '../regions/index.ts';
import { scoped } from '../scope/index.ts';
import { RECORD_RIGHTS, type SubmissionDoc, type Submissions } from '../submissions/index.ts';
import { choose, type Column } from './columns.ts';
import type { ExportList, VersionMode } from './exports.model.ts';
import type { ExportFilter } from './exports.schema.ts';
import { peopleColumns } from './people.export.ts';
import { readPermission, type Reach } from './reach.ts';
import { submissionColumns } from './submissions.export.ts';

export interface Lists {
  people: People;
  submissions: Submissions;
  forms: Forms;
  regions: Regions;
  recordSettings: Pick<RecordSettings, 'access'>;
}

export type Item = PersonDoc | SubmissionDoc;

/** A sheet (or several, when its rows don't fit into one) and the rows that belong there. */
export interface PlannedSheet {
  name: string;
  columns: Column<Item>[];
  /** Narrows the export's filter to this sheet. */
  only: { version?: number };
}

/** What an export takes from the database, and how it shows it. */
export interface Plan {
  title: string;
  /** Name of the collection. */
  collection: string;
  /** Newest first, as in the list. */
  sort: Record<string, -1>;
  /** What no column shows stays in the database. */
  projection: Record<string, 0>;
  /** The form whose answers become columns. */
  form: string | null;
  /** The list's filter within everything that is reached, as the database wants it. */
  filter(caller: StaffCaller, within: readonly Reach[]): mongo.Filter<mongo.Document>;
  /**
   * The sheets for the versions that there are.
   * @throws invalid_input for a column that none of them has
   */
  sheets(versions: readonly number[]): Promise<PlannedSheet[]>;
}

export interface PlanOptions {
  /** Who asked: the file shows and is filtered by what this account may see. */
  caller: StaffCaller;
  list: ExportList;
  filter: ExportFilter;
  columns: readonly string[] | null;
  versions: VersionMode;
  clear: boolean;
  locale: Locale;
  /** Where columns stand in the request, for its refusal: a list in the body, or a text in the query. */
  where: 'body' | 'query';
}

export const TITLES = {
  'zh-CN': { people: '人员', submissions: '登记记录' },
  en: { people: 'People', submissions: 'Submissions' },
} as const;
const versionSheet = { 'zh-CN': (number: number) => `第${number}版`, en: (number: number) => `Version ${number}` };

/** A third of what a read costs, and no column shows them. */
const UNSHOWN = { history: 0, documentIndex: 0, phoneIndex: 0, changedBy: 0, requestKey: 0 } as const;

/** A mongoose filter in the types of its schema (ids, dates), for reads past mongoose. */
function cast<T>(model: Model<T>, caller: StaffCaller, list: ExportList, filter: QueryFilter<T>) {
  const query = scoped(model, caller, readPermission(list)).find(filter);
  return query.cast(model as never, query.getFilter() as never) as mongo.Filter<mongo.Document>;
}

/** The list names its filters as a query has them; in a job they stand in the body. */
function inBody(err: unknown): unknown {
  if (!(err instanceof Problem) || !err.details.issues) return err;
  const issues = err.details.issues.map((issue) => ({ ...issue, path: issue.path.replace('query.', 'body.filter.') }));
  return new Problem(err.code, { ...err.details, issues });
}

export function createPlanner({ people, submissions, forms, regions, recordSettings }: Lists) {
  async function planPeople({ caller: asker, filter, columns, locale, clear, where }: PlanOptions): Promise<Plan> {
    const access = await recordSettings.access(asker, PERSON_RIGHTS);
    const model = people.model();
    const title = TITLES[locale].people;
    const all = peopleColumns({ people, regions, locale, clear, access });
    const wanted = people.buildFilter(filter, access);
    return {
      title,
      collection: model.collection.name,
      sort: { createdAt: -1, _id: -1 },
      projection: UNSHOWN,
      form: null,
      filter: (caller, within) =>
        cast(model, caller, 'people', { $and: [wanted, ...within] } as QueryFilter<PersonDoc>),
      sheets: async () => [{ name: title, columns: choose(all, columns, where), only: {} }],
    };
  }

  async function planSubmissions(options: PlanOptions): Promise<Plan> {
    const { filter, columns, locale, clear, where } = options;
    const model = submissions.model();
    const title = TITLES[locale].submissions;
    const access = await recordSettings.access(options.caller, RECORD_RIGHTS);
    const wanted = await submissions.buildFilter(filter, access);
    const columnsOf = async (numbers: readonly number[]) => {
      const versions = [];
      for (const number of numbers) {
        const found = filter.form ? await forms.version(filter.form, number) : null;
        if (found) versions.push(found);
      }
      const look = await submissions.look();
      const form = filter.form ?? '';
      return submissionColumns({ submissions, regions, form, versions, locale, clear, access, look });
    };
    /** Columns that were asked for may be of a version that has no rows (any more); without rows there is the newest's header. */
    const shown = async (found: readonly number[]) => {
      if (!filter.form || (!columns && found.length > 0)) return found;
      const published = await forms.versionNumbers(filter.form);
      return columns ? [...new Set([...found, ...published])].sort((a, b) => b - a) : published.slice(0, 1);
    };
    return {
      title,
      collection: model.collection.name,
      sort: { submittedAt: -1, _id: -1 },
      projection: { ...UNSHOWN, facets: 0, listed: 0, answersHash: 0, dedupeKey: 0 },
      form: filter.form ?? null,
      filter: (caller, within) =>
        cast(model, caller, 'submissions', { $and: [wanted, ...within] } as QueryFilter<SubmissionDoc>),
      async sheets(numbers) {
        const newestFirst = [...numbers].sort((a, b) => b - a);
        const union = choose(await columnsOf(await shown(newestFirst)), columns, where);
        if (options.versions === 'merged' || newestFirst.length < 2) return [{ name: title, columns: union, only: {} }];
        const keys = new Set(union.map(({ key }) => key));
        const sheets: PlannedSheet[] = [];
        for (const version of newestFirst) {
          const own = (await columnsOf([version])).filter(({ key }) => keys.has(key));
          const order = union.flatMap(({ key }) => own.filter((column) => column.key === key));
          sheets.push({ name: versionSheet[locale](version), columns: order, only: { version } });
        }
        return sheets;
      },
    };
  }

  return {
    /** @throws invalid_input for a filter that can't be */
    async plan(options: PlanOptions): Promise<Plan> {
      try {
        return options.list === 'people' ? await planPeople(options) : await planSubmissions(options);
      } catch (err) {
        throw options.where === 'body' ? inBody(err) : err;
      }
    },

    /** The keys of the columns that a plan may come to have, before anything is counted. @throws invalid_input for unknown ones */
    async columnKeys(plan: Plan): Promise<string[]> {
      const sheets = await plan.sheets(plan.form ? await forms.versionNumbers(plan.form) : []);
      return [...new Set(sheets.flatMap(({ columns }) => columns.map(({ key }) => key)))];
    },
  };
}

export type Planner = ReturnType<typeof createPlanner>;

import type { Document, FindCursor } from 'mongodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { up } from '../../../migrations/2026-11-22-listed.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { goodAnswers, publishForm, ROOT, ROOT_ACTOR } from '../../../test/demo-form.ts';
import { plainForm } from '../../../test/plain-form.ts';
import type { Grant, StaffCaller } from '../../http/index.ts';
import { endOfDay, startOfDay } from '../../infra/clock/index.ts';
import { createFeatures, type Features } from '../index.ts';
import { inScope, narrowed, scopeFilter } from '../scope/index.ts';
import { listsOf } from './submissions.listed.ts';
import { SOURCES, STATUSES, type SubmissionDoc } from './submissions.model.ts';
import { RECORD_RIGHTS } from './submissions.sight.ts';

const ROWS = 360;
const FORMS = ['main', 'side'];
/** Of the form `main`. */
const SORTS = ['vaccineDoses', 'lastDoseDate'];
const COUNTY = '440305';

let t: TestDeps;
let features: Features;

const withGrants = (...grants: Partial<Grant>[]): StaffCaller => ({
  ...ROOT,
  accountId: 'clerk',
  grants: grants.map((grant) => ({ ...ROOT.grants[0]!, ...grant })),
});
const CALLERS: Record<string, StaffCaller> = {
  everywhere: ROOT,
  county: withGrants({ region: COUNTY }),
  province: withGrants({ region: '440000' }),
  'two places': withGrants({ region: '440300' }, { region: '110105' }),
  'two counties': withGrants({ region: COUNTY }, { region: '110105' }),
  'a place and one in it': withGrants({ region: '440000' }, { region: COUNTY }),
  'more places than are looked into': withGrants(
    { region: COUNTY },
    ...Array.from({ length: 25 }, (_, i) => ({ region: String(990_100 + i) })),
  ),
  organisation: withGrants({ organisation: 'clinic' }),
  'own and a county': withGrants({ own: true }, { region: '110108' }),
  nowhere: withGrants(),
};

type Query = Record<string, unknown>;
/** Every filter with values that are there and one that isn't; what needs a form names it. */
const FILTERS: Record<string, Query[]> = {
  form: [{ form: 'main' }, { form: 'side' }],
  version: [
    { form: 'main', version: 1 },
    { form: 'main', version: 2 },
  ],
  status: STATUSES.map((status) => ({ status })),
  source: SOURCES.map((source) => ({ source })),
  q: [{ q: '王' }, { q: '欧阳' }, { q: '司徒' }],
  region: [{ region: '440000' }, { region: '440300' }, { region: COUNTY }, { region: '110105' }, { region: '650000' }],
  claimed: [{ claimed: true }, { claimed: false }],
  days: [{ from: '2026-11-05' }, { to: '2026-11-08' }, { from: '2026-11-04', to: '2026-11-04' }],
  facet: [
    'gender:male',
    'symptoms:fever',
    'travelled:yes',
    'travelled:no,gender:female',
    `region:${COUNTY}`,
    'gender:x',
  ].map((facet) => ({ form: 'main', facet })),
  queue: [{ queue: true }],
  deleted: [{ deleted: true }],
};
const ORDERS: Query[] = [
  {},
  { sort: 'submittedAt' },
  ...SORTS.flatMap((key) => [
    { form: 'main', sort: `answers.${key}` },
    { form: 'main', sort: `-answers.${key}` },
  ]),
];

beforeAll(async () => {
  t = await makeDeps();
  features = createFeatures(t.deps);
  const pick = <T>(values: readonly T[], i: number) => values[(i * 2_654_435_761) % values.length]!;
  const imports: Query[] = (FILTERS['import'] = []);
  for (const key of FORMS) {
    await publishForm(features, key, plainForm());
    const sorts = key === 'main' ? SORTS : [];
    const settings = { rules: [], review: key === 'main', editHours: 0, sorts, rev: 0 };
    await features.recordSettings.change(ROOT, '127.0.0.1', key, settings);
    await features.recordSettings.markSorted(key, sorts);
    const form = (await features.forms.published(key))!;
    const importId = new t.deps.mongo.base.Types.ObjectId();
    imports.push({ import: String(importId) });
    const rows = Array.from({ length: ROWS }, (_, i) => ({ row: i + 1, answers: goodAnswers(i) as never }));
    await features.submissions.writeMany(rows, { caller: ROOT, form, importId, onDuplicate: 'create' });
  }
  const all = await docs();
  FILTERS['person'] = [{ person: String(all[30]!.personId) }];
  await features.submissions.model().collection.bulkWrite(
    all.map(({ _id, scope }, i) => ({
      updateOne: {
        filter: { _id },
        update: {
          $set: {
            status: pick(STATUSES, i + 1),
            source: pick(SOURCES, i + 2),
            claimed: i % 7 === 3,
            deletedAt: i % 11 === 5 ? new Date(Date.parse('2026-11-19T00:00:00Z') + (i % 4) * 1_000) : null,
            // Some at the same moment.
            submittedAt: new Date(Date.parse('2026-11-01T00:00:00Z') + (i % 90) * 3_600_000 * 3),
            scope: {
              ...scope,
              orgPath: i % 5 === 0 ? ['clinic'] : [],
              createdBy: i % 6 === 0 ? 'clerk' : 'root',
            },
          },
        },
      },
    })) as never[],
  );
});
afterAll(() => t.close());

const docs = () => features.submissions.model().find().sort({ _id: 1 }).lean<SubmissionDoc[]>();

/** All pages of a list, and the total of the first. */
async function listed(caller: StaffCaller, query: Query) {
  const ids: string[] = [];
  let total: unknown;
  for (let cursor: string | undefined, page = 0; page === 0 || cursor; page += 1) {
    const asked = { ...query, limit: 40, cursor, count: page === 0 } as never;
    const answer = await features.submissions.list(caller, 'zh-CN', asked);
    ids.push(...answer.items.map(({ id }) => id));
    if (page === 0) total = answer.total;
    cursor = answer.nextCursor ?? undefined;
  }
  return { ids, total };
}

/** The same as one would say it: each record looked at, each answer opened. */
function plain(all: readonly SubmissionDoc[], caller: StaffCaller, query: Query): string[] {
  const { form, version, status, source, q, region, claimed, from, to, facet, queue, deleted, sort, person } =
    query as Record<string, never>;
  const answersOf = (doc: SubmissionDoc) => features.submissions.open(doc) as Record<string, unknown>;
  const says = (doc: SubmissionDoc, pair: string): boolean => {
    const [key, value] = pair.split(':') as [string, string];
    const answer = answersOf(doc)[key];
    if (key === 'region') return features.regions.path(String(answer)).includes(value);
    return Array.isArray(answer) ? answer.includes(value) : answer === value;
  };
  const found = all.filter(
    (doc) =>
      inScope(caller, 'submission.read', doc.scope) &&
      (doc.deletedAt !== null) === Boolean(deleted) &&
      (!form || doc.formKey === form) &&
      (!version || doc.version === version) &&
      (!queue || (doc.formKey === 'main' && doc.status === 'submitted')) &&
      (!person || String(doc.personId) === person) &&
      (!query['import'] || String(doc.importId) === query['import']) &&
      (!status || queue || doc.status === status) &&
      (!source || doc.source === source) &&
      (!q || doc.name?.startsWith(q)) &&
      (!region || doc.scope.regionPath.includes(region)) &&
      (claimed === undefined || doc.claimed === claimed) &&
      (!from || doc.submittedAt >= startOfDay(from)) &&
      (!to || doc.submittedAt < endOfDay(to)) &&
      (!facet ||
        String(facet)
          .split(',')
          .every((pair) => says(doc, pair))),
  );
  const [, minus, key] = /^(-?)(?:answers\.)?(\w+)$/.exec(sort ?? '-submittedAt')!;
  const valueOf = (doc: SubmissionDoc): string | number => {
    if (deleted) return doc.deletedAt!.getTime();
    if (q) return doc.name!;
    return key === 'submittedAt' ? doc.submittedAt.getTime() : doc.sort![`s${SORTS.indexOf(key!)}`]!;
  };
  const direction = deleted ? -1 : q ? 1 : minus ? -1 : 1;
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  return found
    .sort((a, b) => direction * (compare(valueOf(a), valueOf(b)) || compare(String(a._id), String(b._id))))
    .map(({ _id }) => String(_id));
}

async function plan(caller: StaffCaller, asked: Query) {
  const query = narrowed(caller, 'submission.read', asked as { region?: string }, features.regions.path);
  const access = await features.recordSettings.access(caller, RECORD_RIGHTS);
  const [range] = (await features.submissions.orderOf(query as never, access)).ranges;
  const filter = await features.submissions.buildFilter(query as never, access);
  const model = features.submissions.model();
  const whole = { $and: [scopeFilter(caller, 'submission.read'), filter, range!.filter] } as Document;
  const cursor = model.collection.find(whole).sort(range!.sort as never) as unknown as FindCursor;
  const { queryPlanner, executionStats } = (await cursor.limit(51).explain('executionStats')) as Document;
  const text = JSON.stringify(queryPlanner.winningPlan);
  return { text, keys: executionStats.totalKeysExamined as number, found: executionStats.nReturned as number };
}

describe('lists of records', () => {
  it('are what a look at every record finds, whatever is asked by whomever', async () => {
    const all = await docs();
    const query = fc
      .record({
        filters: fc.subarray(Object.keys(FILTERS), { maxLength: 4 }),
        pick: fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }),
        order: fc.constantFrom(...ORDERS),
      })
      .map(({ filters, pick, order }): Query => {
        const chosen = filters.map((name, i) => FILTERS[name]![pick[i]! % FILTERS[name]!.length]!);
        return Object.assign({}, ...chosen, order) as Query;
      });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(CALLERS)), query, async (caller, asked) => {
        const expected = plain(all, caller, asked);
        expect(await listed(caller, asked)).toEqual({
          ids: expected,
          total: { count: expected.length, capped: false },
        });
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('come from an index, each filter in each order for each reach', async () => {
    const scans: string[] = [];
    for (const [name, caller] of Object.entries(CALLERS))
      for (const [filter] of Object.values(FILTERS) as [Query][])
        for (const order of ORDERS) {
          const { text } = await plan(caller, { ...filter, ...order });
          if (text.includes('COLLSCAN')) scans.push(`${name} ${JSON.stringify({ ...filter, ...order })}`);
        }
    expect(scans).toEqual([]);
  }, 120_000);

  it('look at no more than they find where a form is asked for by answer, state and place', async () => {
    for (const asked of [
      { facet: 'travelled:yes' },
      { facet: 'symptoms:fever' },
      { facet: 'gender:x' },
      { facet: 'travelled:yes', status: 'returned' },
      { status: 'rejected' },
      { form: undefined, status: 'rejected' },
      { facet: 'travelled:yes', region: COUNTY },
    ])
      for (const name of ['everywhere', 'county', 'two counties']) {
        const { text, keys, found } = await plan(CALLERS[name]!, { form: 'main', ...asked });
        expect([name, asked, text]).toEqual([name, asked, expect.stringContaining('listed_1_status_1')]);
        // Deleted ones, and one look beyond each range.
        expect(keys).toBeLessThan(found * 1.5 + 30);
        expect(text).not.toContain('"SORT"');
      }
  });
});

describe('the lists that a record is in', () => {
  const wrong = async () =>
    (await docs())
      .filter(
        ({ formKey, scope, facets, listed: lists }) =>
          JSON.stringify(lists) !== JSON.stringify(listsOf(formKey, scope.regionPath, facets)),
      )
      .map(({ _id }) => String(_id));

  it('follow its answers and its region', async () => {
    const made = await features.submissions.create(ROOT_ACTOR, { form: 'side', answers: goodAnswers(900) });
    expect(made.listed).toContain(`side|${made.scope.regionPath.at(-1)}|travelled|no`);
    const answers = goodAnswers(900, {
      region: '330106',
      travelled: 'yes',
      travelCountry: '日本',
      travelPlaces: ['abroad'],
    });
    const form = (await features.forms.published('side'))!;
    const importId = new t.deps.mongo.base.Types.ObjectId();
    const rows = [{ row: 1, answers: { ...answers, returnDate: '2026-11-20' } as never }];
    const [result] = await features.submissions.writeMany(rows, {
      caller: ROOT,
      form,
      importId,
      onDuplicate: 'update',
    });
    expect(result!.outcome).toBe('updated');
    const changed = (await features.submissions.model().findById(made._id).lean<SubmissionDoc>())!;
    expect(changed.listed).toContain('side|330106|travelled|yes');
    expect(changed.listed.some((list) => list.includes('travelled|no'))).toBe(false);
    expect(await wrong()).toEqual([]);
    await features.submissions.undoImport(importId, { caller: ROOT, after: 0, limit: 100 });
    expect((await features.submissions.model().findById(made._id).lean<SubmissionDoc>())!.listed).toEqual(made.listed);
  });

  it('are given to records from before, as new ones have them', async () => {
    const before = (await docs()).map(({ _id, listed: lists }) => [String(_id), lists]);
    await features.submissions.model().collection.updateMany({}, { $unset: { listed: 1 } });
    await up(t.deps.mongo.getClient().db(t.deps.mongo.name) as never);
    expect((await docs()).map(({ _id, listed: lists }) => [String(_id), lists])).toEqual(before);
  });
});

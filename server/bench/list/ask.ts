import type { Document, FindCursor } from 'mongodb';
import type { Model } from 'mongoose';
import type { Features } from '../../src/features/index.ts';
import type { StaffCaller } from '../../src/http/index.ts';
import { PERSON_RIGHTS } from '../../src/features/people/index.ts';
import { narrowed, scopeFilter } from '../../src/features/scope/index.ts';
import { RECORD_RIGHTS } from '../../src/features/submissions/index.ts';
import { ROOT } from '../../test/demo-form.ts';
import { MAIN, SMALL, SORTS, type Filled } from './fill.ts';

export interface Question {
  name: string;
  list: 'records' | 'people';
  caller: StaffCaller;
  query: Record<string, unknown>;
  /** So many pages on before the clock starts, by their cursors. */
  deep?: number;
}

export interface Asked {
  name: string;
  /** ms. */
  p50: number;
  p95: number;
  rows: number;
  /** As the page shows it; null for a page deep in a list. */
  total: { count: number; capped: boolean } | null;
  plan: string;
}

const LIMIT = 50;

/** Every filter and every sort, alone and where they meet. */
export function questionsOf(filled: Filled): Question[] {
  const clerk: StaffCaller = { ...ROOT, accountId: 'clerk', grants: [{ ...ROOT.grants[0]!, region: filled.county }] };
  const form = { form: MAIN };
  const records: [string, Record<string, unknown>, number?][] = [
    ['all', {}],
    ['oldest first', { sort: 'submittedAt' }],
    ['deep', {}, 40],
    ['form', form],
    ['small form', { form: SMALL }],
    ['oldest version', { ...form, version: 1 }],
    ['newest version', { ...form, version: 3 }],
    ...['submitted', 'accepted', 'returned', 'rejected', 'withdrawn'].flatMap(
      (status): [string, Record<string, unknown>][] => [
        [`status ${status}`, { status }],
        [`form, status ${status}`, { ...form, status }],
      ],
    ),
    ...['citizen', 'staff', 'import'].map((source): [string, Record<string, unknown>] => [
      `source ${source}`,
      { source },
    ]),
    ['small form, source staff', { form: SMALL, source: 'staff' }],
    ['a common name', { q: '王' }],
    ['a rare name', { q: '欧阳丽华' }],
    ['a name that is not there', { q: '司徒空空' }],
    ['form, a common name', { ...form, q: '王' }],
    ['small form, a common name', { form: SMALL, q: '王' }],
    ['receipt number', { q: filled.receipt }],
    ['phone', { phone: filled.phone }],
    ['document', { document: filled.document }],
    ['province', { region: '440000' }],
    ['county', { region: filled.county }],
    ['form, county', { ...form, region: filled.county }],
    ['person', { person: filled.personId }],
    ['import', { import: filled.importId }],
    ['to be verified', { claimed: true }],
    ['verified', { claimed: false }],
    ['one day', { from: '2026-03-01', to: '2026-03-01' }],
    ['a year back', { to: '2025-11-01' }],
    ['form, from', { ...form, from: '2026-10-01' }],
    ['recycle bin', { deleted: true }],
    ['queue', { queue: true }],
    ['answer, common', { ...form, facet: 'gender:male' }],
    ['answer, less common', { ...form, facet: 'symptoms:fever' }],
    ['answer, none', { ...form, facet: 'gender:other' }],
    ['two answers', { ...form, facet: 'gender:male,symptoms:fever' }],
    ['answer and status', { ...form, facet: 'gender:male', status: 'returned' }],
    ...SORTS.flatMap((key): [string, Record<string, unknown>, number?][] => [
      [`by ${key}`, { ...form, sort: `answers.${key}` }],
      [`by ${key}, last first`, { ...form, sort: `-answers.${key}` }],
      [`by ${key}, deep`, { ...form, sort: `answers.${key}` }, 40],
    ]),
    ['by lastDoseDate, status returned', { ...form, sort: 'answers.lastDoseDate', status: 'returned' }],
    ['by lastDoseDate, answer', { ...form, sort: 'answers.lastDoseDate', facet: 'symptoms:fever' }],
  ];
  const people: [string, Record<string, unknown>, number?][] = [
    ['all', {}],
    ['oldest first', { sort: 'createdAt' }],
    ['deep', {}, 40],
    ['a common name', { q: '王' }],
    ['a common name, deep', { q: '王' }, 40],
    ['a rare name', { q: '欧阳丽华' }],
    ['phone', { phone: filled.phone }],
    ['document', { document: filled.document }],
    ['province', { region: '440000' }],
    ['county', { region: filled.county }],
    ['recycle bin', { deleted: true }],
  ];
  const as = (who: string, caller: StaffCaller): Question[] => [
    ...records.map(([name, query, deep]) => ({
      name: `records, ${who}: ${name}`,
      list: 'records' as const,
      caller,
      query,
      ...(deep ? { deep } : {}),
    })),
    ...people.map(([name, query, deep]) => ({
      name: `people, ${who}: ${name}`,
      list: 'people' as const,
      caller,
      query,
      ...(deep ? { deep } : {}),
    })),
  ];
  return [...as('everywhere', ROOT), ...as('one county', clerk)];
}

/** Asks all questions in turn, so that what else the machine does falls on all of them alike. */
export async function askLists(features: Features, questions: readonly Question[], rounds: number): Promise<Asked[]> {
  const list = ({ list: of, caller, query }: Question, cursor: string | undefined) => {
    const asked = { ...query, limit: LIMIT, count: cursor === undefined, ...(cursor ? { cursor } : {}) } as never;
    return of === 'records'
      ? features.submissions.list(caller, 'zh-CN', asked)
      : features.people.list(caller, 'zh-CN', asked);
  };
  const cursors = new Map<Question, string | undefined>();
  for (const question of questions) {
    let cursor: string | undefined;
    for (let page = 0; page < (question.deep ?? 0); page += 1)
      cursor = (await list(question, cursor)).nextCursor ?? undefined;
    cursors.set(question, cursor);
  }
  const times = new Map<Question, number[]>(questions.map((question) => [question, []]));
  const found = new Map<Question, Pick<Asked, 'rows' | 'total'>>();
  for (let round = -1; round < rounds; round += 1)
    for (const question of round % 2 ? questions : questions.toReversed()) {
      const begun = performance.now();
      const { items, total } = await list(question, cursors.get(question));
      // The first round warms up.
      if (round >= 0) times.get(question)!.push(performance.now() - begun);
      found.set(question, { rows: items.length, total: total ?? null });
    }
  const at = (values: number[], part: number) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1]!;
  const asked: Asked[] = [];
  for (const question of questions)
    asked.push({
      name: question.name,
      p50: at(times.get(question)!, 0.5),
      p95: at(times.get(question)!, 0.95),
      ...found.get(question)!,
      plan: await planOf(features, question, cursors.get(question)),
    });
  return asked;
}

/** The stages and indexes that MongoDB takes, and how much it looks at, from the filter and the order of the list itself. */
async function planOf(features: Features, question: Question, cursor: string | undefined): Promise<string> {
  const { caller, query, list } = question;
  const records = list === 'records';
  const access = await features.recordSettings.access(caller, records ? RECORD_RIGHTS : PERSON_RIGHTS);
  const permission = records ? 'submission.read' : 'person.read';
  const asked = narrowed(
    caller,
    permission,
    { ...query, ...(cursor ? { cursor } : {}) } as { region?: string },
    features.regions.path,
  ) as never;
  const paging = records ? await features.submissions.orderOf(asked, access) : features.people.orderOf(asked);
  const filter = records
    ? await features.submissions.buildFilter(asked, access)
    : features.people.buildFilter(asked, access);
  const model = records ? features.submissions.model() : features.people.model();
  const range = paging.ranges[0]!;
  const whole = { $and: [scopeFilter(caller, permission), { $and: [filter, range.filter] }] };
  const cast = (model as Model<unknown>).find(whole);
  const cursorOf = model.collection.find(cast.cast(model as never, cast.getFilter() as never) as Document);
  const plan = (await (cursorOf as unknown as FindCursor)
    .sort(range.sort as never)
    .limit(LIMIT + 1)
    .explain('executionStats')) as {
    queryPlanner: { winningPlan: Document };
    executionStats: { totalKeysExamined: number; totalDocsExamined: number };
  };
  const stages: string[] = [];
  JSON.stringify(plan.queryPlanner.winningPlan, (key, value: unknown) => {
    if (key === 'indexName' || (key === 'stage' && ['COLLSCAN', 'SORT', 'SORT_MERGE'].includes(String(value))))
      stages.push(String(value));
    return value;
  });
  const { totalKeysExamined: keys, totalDocsExamined: docs } = plan.executionStats;
  return `${[...new Set(stages)].join(' ')}, ${keys} keys, ${docs} records`;
}

import type { Document, FindCursor } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { ROOT } from '../../../test/demo-form.ts';
import { keyset, type StaffCaller } from '../../http/index.ts';
import { createFeatures, type Features } from '../index.ts';
import { PERSON_RIGHTS } from '../people/index.ts';
import { scopeFilter } from '../scope/index.ts';
import { RECORD_RIGHTS } from './submissions.sight.ts';

let t: TestDeps;
let features: Features;
beforeAll(async () => {
  t = await makeDeps();
  features = createFeatures(t.deps);
});
afterAll(() => t.close());

const SOUTH: StaffCaller = { ...ROOT, grants: [{ ...ROOT.grants[0]!, region: '440000' }] };
const AFTER = Buffer.from(JSON.stringify([Date.parse('2026-11-20T00:00:00Z'), 'f'.repeat(24)])).toString('base64url');

/** The stages of the plan that MongoDB would use. */
async function stages(collection: string, filter: Document, sort?: Document): Promise<string[]> {
  let cursor = t.deps.mongo.collection(collection).find(filter) as unknown as FindCursor;
  if (sort) cursor = cursor.sort(sort as never).limit(51);
  const plan = (await cursor.explain('queryPlanner')) as { queryPlanner: { winningPlan: Document } };
  const found: string[] = [];
  JSON.stringify(plan.queryPlanner.winningPlan, (key, value: unknown) => {
    if (key === 'stage') found.push(String(value));
    return value;
  });
  return found;
}

describe('hot queries are served by an index', () => {
  it('look-ups of what must be unique', async () => {
    const lookups: [string, Document][] = [
      ['submissions', { formKey: 'f', dedupeKey: 'x' }],
      ['submissions', { requestKey: 'x' }],
      ['submissions', { receiptNumber: 'x' }],
      ['submissions', { importId: 'x', row: { $in: [1, 2] } }],
      ['people', { documentIndex: 'x', deletedAt: null }],
      ['people', { documentIndex: { $in: ['x', 'y'] }, deletedAt: null }],
      ['people', { requestKey: 'x' }],
      ['personLinks', { accountId: 'a', personId: 'p' }],
      ['drafts', { accountId: 'a', formKey: 'f' }],
      ['formVersions', { formKey: 'f', number: 1 }],
    ];
    for (const [collection, filter] of lookups) {
      expect([collection, filter, await stages(collection, filter)]).toEqual([
        collection,
        filter,
        expect.arrayContaining(['IXSCAN']),
      ]);
    }
  });

  it('lists of submissions, without sorting in memory', async () => {
    const paging = keyset('submittedAt', AFTER);
    const access = await features.recordSettings.access(ROOT, RECORD_RIGHTS);
    const build = (query: object) => features.submissions.buildFilter(query, access);
    for (const [caller, filter] of [
      [ROOT, await build({})],
      [ROOT, await build({ form: 'f' })],
      [SOUTH, await build({})],
      [SOUTH, await build({ form: 'f', status: 'submitted' })],
      [ROOT, { ...(await build({ form: 'f' })), listed: 'f||a|b' }],
    ] as const) {
      const plan = await stages(
        'submissions',
        { $and: [scopeFilter(caller, 'submission.read'), { $and: [filter, paging.filter] }] },
        paging.sort,
      );
      expect(plan).toContain('IXSCAN');
      expect(plan).not.toContain('COLLSCAN');
      expect(plan).not.toContain('SORT');
    }
    const own = await stages(
      'submissions',
      { $and: [{ accountId: 'a', deletedAt: null }, paging.filter] },
      paging.sort,
    );
    expect(own).toContain('IXSCAN');
    expect(own).not.toContain('SORT');
  });

  it('searches by name, phone and document', async () => {
    const records = await features.recordSettings.access(ROOT, RECORD_RIGHTS);
    const people = await features.recordSettings.access(ROOT, PERSON_RIGHTS);
    for (const query of [{ q: '王' }, { phone: '13800001234' }, { document: '440305199003071236' }]) {
      expect(await stages('submissions', await features.submissions.buildFilter(query, records))).not.toContain(
        'COLLSCAN',
      );
      expect(await stages('people', features.people.buildFilter(query, people))).not.toContain('COLLSCAN');
    }
  });

  it('lists of people, without sorting in memory', async () => {
    const paging = keyset('createdAt', AFTER);
    const access = await features.recordSettings.access(ROOT, PERSON_RIGHTS);
    for (const caller of [ROOT, SOUTH]) {
      const plan = await stages(
        'people',
        {
          $and: [
            scopeFilter(caller, 'person.read'),
            { $and: [features.people.buildFilter({}, access), paging.filter] },
          ],
        },
        paging.sort,
      );
      expect(plan).toContain('IXSCAN');
      expect(plan).not.toContain('SORT');
    }
  });
});

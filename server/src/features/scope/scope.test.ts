import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { defineSchema } from '../../infra/mongo/index.ts';
import type { Grant, StaffCaller } from '../../http/index.ts';
import {
  assertInScope,
  inScope,
  narrowed,
  scoped,
  scopeDefinition,
  scopeFilter,
  totalOf,
  type Scope,
} from './index.ts';

interface Doc {
  _id: string;
  n: number;
  scope: Scope;
}

/** Two small trees and three people, so that random cases meet often. */
const REGIONS = [['44'], ['44', '4403'], ['44', '4403', '440305'], ['44', '4401'], ['11'], ['11', '1101'], []];
const ORGS = [['a'], ['a', 'b'], ['a', 'b', 'c'], ['x'], []];
const PEOPLE = ['p1', 'p2', 'p3'];
const scopes = fc.record({
  regionPath: fc.constantFrom(...REGIONS),
  orgPath: fc.constantFrom(...ORGS),
  createdBy: fc.constantFrom(...PEOPLE),
});
const grants = fc.array(
  fc.record<Grant>({
    role: fc.constant('r'),
    permissions: fc.subarray(['person.read', 'person.write', 'audit.read'] as const),
    region: fc.constantFrom(null, '44', '4403', '440305', '11', '', 'nowhere'),
    organisation: fc.constantFrom(null, 'a', 'b', 'c', 'x', '', 'nothing'),
    own: fc.boolean(),
  }),
  { maxLength: 4 },
);

const callerWith = (some: Grant[]): StaffCaller => ({
  kind: 'staff',
  accountId: 'p1',
  sessionId: 's',
  name: 'p1',
  mustChangePassword: false,
  grants: some,
  permissions: new Set(some.flatMap((grant) => grant.permissions)),
});

/** The rule, as one would say it. */
function naive(some: Grant[], scope: Scope): boolean {
  for (const grant of some) {
    if (!grant.permissions.includes('person.read')) continue;
    if (grant.region !== null && scope.regionPath.indexOf(grant.region) < 0) continue;
    if (grant.organisation !== null && scope.orgPath.indexOf(grant.organisation) < 0) continue;
    if (grant.own && scope.createdBy !== 'p1') continue;
    return true;
  }
  return false;
}

let t: TestDeps;
const model = () =>
  t.deps.mongo.models['ScopeTest'] ??
  t.deps.mongo.model<Doc>(
    'ScopeTest',
    defineSchema<Doc>({ _id: String, n: Number, scope: scopeDefinition }),
    'scopeTest',
  );
const ids = (docs: { _id: unknown }[]) => docs.map((doc) => String(doc._id)).sort();

beforeAll(async () => {
  t = await makeDeps();
});
beforeEach(() => model().deleteMany({}));
afterAll(() => t.close());

describe('control 24: data scope', () => {
  it('in memory it is what the rule says, for any grants and any document', () => {
    const agree = fc.property(
      grants,
      scopes,
      (some, scope) => inScope(callerWith(some), 'person.read', scope) === naive(some, scope),
    );
    fc.assert(agree, { numRuns: 5000 });
  });

  it('in the database find, one, count, aggregate and change reach exactly what the rule says', async () => {
    const all = REGIONS.flatMap((regionPath) =>
      ORGS.flatMap((orgPath) => PEOPLE.map((createdBy) => ({ regionPath, orgPath, createdBy }))),
    );
    const docs = all.map((scope, n): Doc => ({ _id: `d${n}`, n, scope }));
    await model().insertMany(docs);
    await fc.assert(
      fc.asyncProperty(grants, fc.integer({ min: 0, max: docs.length - 1 }), async (some, pick) => {
        const reach = scoped(model(), callerWith(some), 'person.read');
        const expected = ids(docs.filter(({ scope }) => naive(some, scope)));
        expect(ids(await reach.find({}).lean())).toEqual(expected);
        expect(ids(await reach.aggregate<Doc>([{ $sort: { n: -1 } }]))).toEqual(expected);
        expect(await reach.countCapped({}, 1000)).toEqual({ count: expected.length, capped: false });
        // Filters of the caller's can narrow what he reaches, never widen it.
        expect(ids(await reach.find({ $or: [{ n: { $gte: 0 } }, { _id: 'd0' }] }).lean())).toEqual(expected);
        const mine = expected.includes(`d${pick}`);
        expect((await reach.findOne({ _id: `d${pick}` }).lean()) !== null).toBe(mine);
        expect((await reach.findOneAndUpdate({ _id: `d${pick}` }, { $set: { n: pick } }).lean()) !== null).toBe(mine);
      }),
      { numRuns: 100 },
    );
  });

  it('fails closed: no grant, no permission, an empty role', async () => {
    await model().insertMany([{ _id: 'one', n: 1, scope: { regionPath: ['44'], orgPath: ['a'], createdBy: 'p1' } }]);
    for (const some of [
      [],
      [{ role: 'r', permissions: [], region: null, organisation: null, own: false }],
      [{ role: 'r', permissions: ['person.write'] as const, region: null, organisation: null, own: false }],
    ]) {
      const caller = callerWith(some as Grant[]);
      expect(await scoped(model(), caller, 'person.read').find({}).lean()).toEqual([]);
      expect(await scoped(model(), caller, 'person.read').countCapped({})).toEqual({ count: 0, capped: false });
      expect(() => assertInScope(caller, 'person.read', { regionPath: ['44'], orgPath: [], createdBy: 'p1' })).toThrow(
        'forbidden',
      );
    }
    expect(await model().countDocuments(scopeFilter(callerWith([]), 'person.read') as never)).toBe(0);
  });

  it('a document without a place is reached only by grants for every place', () => {
    const nowhere = { regionPath: [], orgPath: [], createdBy: 'p2' };
    const grant = { role: 'r', permissions: ['person.read'] as const, region: null, organisation: null, own: false };
    expect(inScope(callerWith([{ ...grant, region: '44' }]), 'person.read', nowhere)).toBe(false);
    expect(inScope(callerWith([grant]), 'person.read', nowhere)).toBe(true);
  });

  it('counts stop at their cap, and a pipeline can’t leave its collection', async () => {
    const everything = callerWith([
      { role: 'r', permissions: ['person.read'], region: null, organisation: null, own: false },
    ]);
    await model().insertMany(
      Array.from({ length: 12 }, (_, n) => ({
        _id: `n${n}`,
        n,
        scope: { regionPath: [], orgPath: [], createdBy: 'p2' },
      })),
    );
    expect(await scoped(model(), everything, 'person.read').countCapped({}, 10)).toEqual({ count: 10, capped: true });
    expect(() =>
      scoped(model(), everything, 'person.read').aggregate([{ $lookup: { from: 'accounts', as: 'a', pipeline: [] } }]),
    ).toThrow(/stays in its collection/);
  });
});

describe('a list', () => {
  it('is looked for where all lies that can be found, and a region around or beside it is known', () => {
    const path = (code: string) => REGIONS.find((region) => region.at(-1) === code) ?? [];
    const region = fc.constantFrom(undefined, '44', '4403', '440305', '4401', '11', '1101', 'nowhere');
    fc.assert(
      fc.property(grants, region, scopes, (some, asked, scope) => {
        const query = narrowed(callerWith(some), 'person.read', { region: asked }, path);
        const wanted = naive(some, scope) && (asked === undefined || scope.regionPath.includes(asked));
        const found = naive(some, scope) && (query.region === undefined || scope.regionPath.includes(query.region));
        expect(found).toBe(wanted);
        if (wanted) expect(['', ...scope.regionPath].some((code) => query.within.includes(code))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('does not wait for a count, except of few documents', async () => {
    const tooLong = Object.assign(new Error('operation exceeded time limit'), { code: 50 });
    const counting = (documents: number) =>
      scoped(
        {
          countDocuments: () => ({
            limit: () => Object.assign(Promise.resolve(3), { maxTimeMS: () => Promise.reject(tooLong) }),
          }),
          estimatedDocumentCount: () => Promise.resolve(documents),
        } as never,
        callerWith([]),
        'person.read',
      ).countSoon({});
    expect(await counting(1_000)).toEqual({ count: 3, capped: false });
    expect(await counting(1_000_000)).toBeNull();
    expect(totalOf(null, ['a', 'b'], 'next')).toEqual({ total: { count: 2, capped: true } });
    expect(totalOf(null, ['a', 'b'], null)).toEqual({ total: { count: 2, capped: false } });
    expect(totalOf({ count: 7, capped: false }, ['a'], null)).toEqual({ total: { count: 7, capped: false } });
    expect(totalOf(undefined, ['a'], null)).toEqual({});
  });
});

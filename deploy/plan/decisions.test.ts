import { expect, test } from 'vitest';
import { type Attempt, fold, isOpen } from '../steps/history.ts';
import type { ReleaseEvent } from '../steps/record.ts';
import { RELEASES } from '../test/fake-fleet.ts';
import { whereTo } from './resume.ts';
import { contractsAfter, previousOf } from './rollback.ts';

const { older, old, fresh } = RELEASES;
const kept = [older, old, fresh].map((id) => ({ id }));
const host = (current: string | null, previous: string | null = older, releases = kept) => ({
  current,
  previous,
  releases,
});

function attempt(target: string, state: Attempt['state'], kind: Attempt['kind'] = 'release'): Attempt {
  const event: ReleaseEvent = {
    ...{ release: target, seq: 5, state, kind, at: '2026-11-21T10:00:00Z', by: 'li.lei', environment: 'test' },
  };
  return { ...(fold([event])[0] as Attempt), target };
}

test('what was cut off goes forward, with its record; back when the operator says so', () => {
  const facts = [host(fresh, old), host(old)];
  const attempts = [attempt(fresh, 'deploying')];
  expect(whereTo(facts, attempts, false)).toMatchObject({ target: fresh, attempt: { target: fresh } });
  expect(whereTo(facts, attempts, true)).toMatchObject({ target: old, left: fresh });
  expect(whereTo(facts, attempts, true)).not.toHaveProperty('attempt');
});

test('cut off before the first host was touched, it goes forward as well', () => {
  expect(whereTo([host(old), host(old)], [attempt(fresh, 'deploying')], false)).toMatchObject({ target: fresh });
});

test('what failed on a later host goes back; what failed and was put back leaves nothing to do', () => {
  expect(whereTo([host(fresh, old), host(old)], [attempt(fresh, 'failed')], false)).toMatchObject({
    target: old,
    left: fresh,
  });
  expect(whereTo([host(old), host(old)], [attempt(fresh, 'failed')], false)).toMatchObject({ target: old });
});

test('a rollback that was cut off goes on to the older release', () => {
  const facts = [host(old, fresh), host(fresh, old)];
  expect(whereTo(facts, [attempt(old, 'verifying', 'rollback'), attempt(fresh, 'done')], false)).toMatchObject({
    target: old,
  });
});

test('a release that is not on every host can not go forward', () => {
  const facts = [host(fresh, old), host(old, older, kept.slice(0, 2))];
  expect(whereTo(facts, [attempt(fresh, 'deploying')], false)).toMatchObject({ target: old, left: fresh });
});

test('hosts at different releases without any record: all to the newest', () => {
  expect(whereTo([host(fresh, old), host(old)], [], false)).toMatchObject({ target: fresh });
});

test('a fleet without a release has nothing to resume', () => {
  expect(() => whereTo([host(null)], [], false)).toThrow(/nothing to resume/);
});

const releases = [
  { id: old, commit: '', migrations: ['m1'], contracts: [] },
  { id: fresh, commit: '', migrations: ['m1', 'm2'], contracts: ['m2'] },
];
const facts = (current: string) => [{ current, previous: null, next: null, releases }];

test('a rollback is refused after a contract migration that the older release does not know', () => {
  expect(contractsAfter(facts(fresh), [], old)).toEqual(['m2']);
  // Shipped, and its migration begun, before it failed.
  expect(contractsAfter(facts(old), [fresh], old)).toEqual(['m2']);
  // Shipped, and nothing of it ever ran.
  expect(contractsAfter(facts(old), [], old)).toEqual([]);
  expect(contractsAfter(facts(fresh), [fresh], fresh)).toEqual([]);
});

test('a rollback without a name never goes to a release that was given up', () => {
  const both = [host(fresh, old), host(fresh, old)];
  expect(previousOf(both, [attempt(fresh, 'done'), attempt(old, 'done')])).toBe(old);
  expect(() =>
    previousOf([host(old, fresh)], [attempt(old, 'done', 'rollback'), attempt(fresh, 'rolledBack')]),
  ).toThrow(/given up/);
  expect(() => previousOf([host(fresh, null)], [])).toThrow(/No host has a previous release/);
});

test('events of several hosts, in any order, are one history', () => {
  const event = (
    release: string,
    seq: number,
    state: Attempt['state'],
    more: Partial<ReleaseEvent> = {},
  ): ReleaseEvent => ({
    ...{ release, seq, state, kind: 'release', by: 'li.lei', environment: 'test' },
    at: `2026-11-21T10:00:${String(seq).padStart(2, '0')}Z`,
    ...more,
  });
  const events = [
    event('b', 12, 'deploying', { step: 'migrate', target: old }),
    event('a', 3, 'done'),
    event('b', 10, 'created', { by: 'han.meimei' }),
    event('a', 1, 'created'),
    event('b', 12, 'deploying', { step: 'migrate', target: old }),
  ];
  const [newest, before] = fold(events);
  expect(newest).toMatchObject({
    id: 'b',
    target: old,
    by: 'han.meimei',
    lastSeq: 12,
    migrated: true,
    state: 'deploying',
  });
  expect(before).toMatchObject({ id: 'a', target: 'a', state: 'done', migrated: false });
  expect([newest, before].map((one) => isOpen(one as Attempt))).toEqual([true, false]);
});

import { describe, expect, it } from 'vitest';
import { Fault } from '../fault.mjs';
import { planDump, planFromPrevious, planTo } from './plan.mjs';
import { outlived } from './rotation.mjs';

const KEEP = { daily: 7, weekly: 4, monthly: 12, oplogDays: 7 };
const DAY = 86_400_000;
const seconds = (at) => Math.floor(at.getTime() / 1000);

/** A dump that began at a moment and stands for a minute later. */
function dump(at, more = {}) {
  const end = new Date(at.getTime() + 60_000).toISOString();
  const manifest = { startedAt: at.toISOString(), endedAt: end, to: { t: seconds(at) + 60, i: 1 } };
  return { name: `${at.toISOString()}.dump`, kind: 'dump', manifest, ...more };
}
/** A slice between two moments. */
function slice(from, to) {
  const manifest = {
    from: { t: seconds(from), i: 1 },
    to: { t: seconds(to), i: 1 },
    through: new Date(to.getTime() + 500).toISOString(),
    endedAt: to.toISOString(),
  };
  return { name: `${to.toISOString()}.oplog`, kind: 'oplog', manifest };
}
const names = (backups) => backups.map(({ name }) => name.slice(0, 10));

describe('control 58: rotation', () => {
  it('keeps days, weeks and months, over a year of daily dumps', () => {
    let backups = [];
    const began = new Date('2025-11-20T18:30:00Z');
    for (let day = 0; day < 366; day += 1) {
      backups.push(dump(new Date(began.getTime() + day * DAY)));
      const gone = new Set(outlived(backups, KEEP));
      expect(gone.has(backups.at(-1))).toBe(false);
      backups = backups.filter((one) => !gone.has(one));
      expect(backups.length).toBeLessThanOrEqual(7 + 4 + 12);
    }
    // Named by their day in UTC; 18:30 there is 02:30 of the next day in Shanghai. The newest is of Saturday, the 21st.
    const months = '2025-12-30 2026-01-30 2026-02-27 2026-03-30 2026-04-29 2026-05-30 2026-06-29 2026-07-30 2026-08-30';
    const weeks = '2026-09-29 2026-10-30 2026-10-31 2026-11-07 2026-11-14';
    const days = '2026-11-15 2026-11-16 2026-11-17 2026-11-18 2026-11-19 2026-11-20';
    expect(names(backups)).toEqual(`${months} ${weeks} ${days}`.split(' '));
  });

  it('never removes the newest good one, however old, and nothing while no new one comes', () => {
    const old = [dump(new Date('2020-01-01T00:00:00Z')), dump(new Date('2020-05-01T00:00:00Z'))];
    expect(outlived(old, { ...KEEP, daily: 1, weekly: 0, monthly: 0 })).toEqual([old[0]]);
    expect(outlived(old, KEEP)).toEqual([]);
    expect(outlived([], KEEP)).toEqual([]);
  });

  it('keeps the dump of the night when somebody takes another one after an accident', () => {
    const night = dump(new Date('2026-11-20T18:00:00Z'));
    const after = dump(new Date('2026-11-21T03:00:00Z'));
    expect(outlived([night, after], { ...KEEP, daily: 1, weekly: 0, monthly: 0 })).toEqual([]);
  });

  it('does not count one with a fault, and does not remove it', () => {
    const good = dump(new Date('2026-11-19T02:00:00Z'));
    const spoilt = dump(new Date('2026-11-19T03:00:00Z'), { fault: new Fault('damaged') });
    expect(outlived([good, spoilt], { ...KEEP, daily: 1, weekly: 0, monthly: 0 })).toEqual([]);
  });

  it('keeps slices for their days, and those that lead on from the newest dump for ever', () => {
    const day = (n) => new Date(Date.parse('2026-11-01T00:00:00Z') + n * DAY);
    const dumps = Array.from({ length: 20 }, (_, n) => dump(day(n)));
    const slices = Array.from({ length: 19 }, (_, n) => slice(day(n), day(n + 1)));
    const gone = outlived([...dumps, ...slices], KEEP).filter(({ kind }) => kind === 'oplog');
    expect(names(gone)).toEqual(slices.slice(0, 11).map(({ name }) => name.slice(0, 10)));
    const late = slice(day(20), day(60));
    const rest = outlived([...dumps, slice(day(19), day(20)), late], KEEP).filter(({ kind }) => kind === 'oplog');
    expect(rest).toEqual([]);
  });
});

describe('control 59: the way to a moment', () => {
  const at = (time) => new Date(`2026-11-21T${time}:00Z`);
  const first = dump(at('01:00'));
  const second = dump(at('02:00'));
  // The first dump stands for 01:01, the second for 02:01.
  const a = slice(at('01:01'), at('01:20'));
  const b = slice(at('01:20'), at('01:55'));
  const c = slice(at('01:55'), at('02:15'));
  const all = [first, second, a, b, c];

  it('begins with the last dump before it, and takes the slices that are needed', () => {
    expect(planTo(all, '2026-11-21T01:10:00Z')).toMatchObject({ dump: first, slices: [a] });
    expect(planTo(all, '2026-11-21T09:50:00+08:00')).toMatchObject({
      dump: first,
      slices: [a, b],
      before: { t: seconds(at('01:50')), i: 0 },
    });
    expect(planTo(all, '2026-11-21T02:10:00Z')).toMatchObject({ dump: second, slices: [c] });
    expect(planTo(all, 'latest')).toMatchObject({ dump: second, slices: [c], before: undefined });
    expect(planTo([first, second], 'latest')).toMatchObject({ dump: second, slices: [] });
  });

  it('ends at the moment that the last slice was read, also when nothing was written until then', () => {
    expect(planTo(all, '2026-11-21T02:15:00Z').slices).toEqual([c]);
    expect(() => planTo(all, '2026-11-21T02:15:01Z')).toThrow(
      'reach to 2026-11-21T02:15:00.500Z, not to 2026-11-21T02:15:01Z',
    );
  });

  it('is not found before the first dump, over a gap, or to something that is no moment', () => {
    expect(() => planTo(all, '2026-11-21T01:00:30Z')).toThrow("don't reach back");
    expect(() => planTo([first, a, c], '2026-11-21T01:50:00Z')).toThrow('reach to 2026-11-21T01:20:00.500Z');
    expect(() => planTo([], 'latest')).toThrow('there is no good dump');
    for (const text of ['yesterday', '2026-11-21', '2026-11-21T01:00:00', '21.11.2026 01:00Z'])
      expect(() => planTo(all, text), text).toThrow('--to takes a moment');
  });

  it('leads from one dump to exactly the next', () => {
    const { to } = second.manifest;
    expect(planFromPrevious(all)).toMatchObject({
      dump: first,
      newest: second,
      slices: [a, b, c],
      before: { t: to.t, i: to.i + 1 },
    });
    expect(() => planFromPrevious([first, second, a])).toThrow('reach to 2026-11-21T01:20:00Z');
    expect(() => planFromPrevious([first, a])).toThrow('no two good dumps');
  });

  it('never takes an older dump silently when the newest is damaged', () => {
    const spoilt = { ...second, fault: new Fault('is damaged') };
    expect(() => planDump([first, spoilt])).toThrow('is damaged');
    expect(planDump([first, spoilt], first.name)).toMatchObject({ dump: first, slices: [] });
    expect(() => planDump([first], 'other')).toThrow('There is no dump other.');
    expect(() => planDump([])).toThrow('There is no dump.');
  });
});

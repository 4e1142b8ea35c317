import { describe, expect, it } from 'vitest';
import { cron, dueTicks, MOST_TICKS, type Missed } from './ticks.ts';

const at = (text: string) => new Date(text);
const iso = (moments: (Date | null)[]) => moments.map((moment) => moment?.toISOString() ?? null);

describe('ticks of a cron pattern', () => {
  it('are those of Asia/Shanghai, at the second', () => {
    const ticks = cron('30 3 * * *');
    expect(ticks.text).toBe('30 3 * * *');
    expect(iso([ticks.next(at('2026-11-20T19:29:59.999Z')), ticks.next(at('2026-11-20T19:30:00.000Z'))])).toEqual([
      '2026-11-20T19:30:00.000Z',
      '2026-11-21T19:30:00.000Z',
    ]);
    expect(iso([ticks.last(at('2026-11-20T19:30:00.000Z')), ticks.last(at('2026-11-20T19:29:59.999Z'))])).toEqual([
      '2026-11-20T19:30:00.000Z',
      '2026-11-19T19:30:00.000Z',
    ]);
  });

  it('may have seconds', () => {
    const ticks = cron('*/15 * * * * *');
    expect(iso([ticks.next(at('2026-11-21T02:00:15.000Z')), ticks.last(at('2026-11-21T02:00:14.999Z'))])).toEqual([
      '2026-11-21T02:00:30.000Z',
      '2026-11-21T02:00:00.000Z',
    ]);
  });

  it.each(['', '61 * * * *', '* * *', '* * * * * * *', 'x'])('%o is none', (pattern) => {
    expect(() => cron(pattern)).toThrow();
  });
});

describe('ticks that are due', () => {
  const hourly = cron('0 * * * *');
  const planned = at('2026-11-21T02:00:00Z');
  const due = (missed: Missed, now: string, from = planned) => {
    const { run, skipped } = dueTicks(hourly, missed, from, at(now));
    return [...run.map((moment) => moment.toISOString().slice(11, 16)), skipped];
  };

  it('are none before the next, and the next at its time', () => {
    for (const missed of ['latest', 'all', 'skip'] as const) {
      expect(due(missed, '2026-11-21T02:59:59.999Z')).toEqual([0]);
      expect(due(missed, '2026-11-21T03:00:00Z')).toEqual(['03:00', 0]);
      // A process whose clock is behind.
      expect(due(missed, '2026-11-21T01:00:00Z')).toEqual([0]);
    }
  });

  it('after nobody ran: the last, all, or none', () => {
    const now = '2026-11-21T05:30:00Z';
    expect(due('latest', now)).toEqual(['05:00', 2]);
    expect(due('all', now)).toEqual(['03:00', '04:00', '05:00', 0]);
    expect(due('skip', now)).toEqual([3]);
    expect(due('skip', '2026-11-21T05:00:59Z')).toEqual(['05:00', 2]);
  });

  it('are bounded, to the latest ones', () => {
    const { run } = dueTicks(hourly, 'all', at('2000-01-01T00:00:00Z'), at('2026-11-21T05:00:00Z'));
    expect(run).toHaveLength(MOST_TICKS);
    expect(run.at(-1)).toEqual(at('2026-11-21T05:00:00Z'));
    const few = dueTicks(hourly, 'all', planned, at('2026-11-21T06:00:00Z'), 3);
    expect([...iso(few.run), few.skipped]).toEqual([
      '2026-11-21T04:00:00.000Z',
      '2026-11-21T05:00:00.000Z',
      '2026-11-21T06:00:00.000Z',
      1,
    ]);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays, addMonths, boundDay, isBound, isDay } from './days.ts';

it.each([
  ['2024-02-29', 'today', '2024-02-29'],
  ['2024-03-01', 'today-1d', '2024-02-29'],
  ['2024-12-31', 'today+2m', '2025-02-28'],
  ['2024-02-29', 'today-1y', '2023-02-28'],
  ['2024-02-29', 'today+4y', '2028-02-29'],
  ['2024-01-15', 'today-120y', '1904-01-15'],
  ['2024-01-15', 'today-1m', '2023-12-15'],
  ['2024-01-15', 'today+0d', '2024-01-15'],
  ['2024-01-15', '2020-05-05', '2020-05-05'],
])('on %s, %s is %s', (today, bound, day) => expect(boundDay(bound, today)).toBe(day));

it.each([
  '',
  'Today',
  'today-',
  'today-14',
  'today 14d',
  'today+1w',
  'today-1234y',
  '2024-02-30',
  'today-14d ',
  14,
  null,
])('%j is no bound', (bound) => {
  expect(boundDay(bound, '2024-01-01')).toBeUndefined();
  expect(isBound(String(bound))).toBe(false);
});

it('counts days as the calendar does', () => {
  const day = fc
    .date({ min: new Date('1950-01-01'), max: new Date('2150-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(
      day,
      fc.integer({ min: -15_000, max: 15_000 }),
      fc.integer({ min: -500, max: 500 }),
      (start, days, months) => {
        expect(isDay(start)).toBe(true);
        expect(addDays(addDays(start, days), -days)).toBe(start);
        const moved = addMonths(start, months);
        expect(isDay(moved)).toBe(true);
        expect(Number(moved.slice(8))).toBeLessThanOrEqual(Number(start.slice(8)));
      },
    ),
  );
});

import { sample, type KindCases } from '../cases/case.ts';
import { boundDay, isBound, isDay } from '../days.ts';
import { toAscii } from '../strings.ts';
import type { Text } from '../types.ts';
import { dateProjection } from './date.ts';
import { fault, flaw, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';
import { isClock, readClock } from './time.ts';

/** Whether a text is a day and a time, `YYYY-MM-DDTHH:mm`. */
const isMoment = (text: unknown): text is string =>
  typeof text === 'string' &&
  text.length === 16 &&
  text[10] === 'T' &&
  isDay(text.slice(0, 10)) &&
  isClock(text.slice(11));

/** A bound as the first or the last minute that it allows: a moment itself, or a day (also relative), whole. */
function boundMoment(bound: unknown, today: string, clock: string): string | undefined {
  if (isMoment(bound)) return bound;
  const day = boundDay(bound, today);
  return day === undefined ? undefined : `${day}T${clock}`;
}

const shown = (moment: string): string => moment.replace('T', ' ');

/**
 * A day and a time as the clocks of Asia/Shanghai show them, `YYYY-MM-DDTHH:mm`: no zone, so that nothing can shift it. Minutes
 * are enough for anything that people register.
 */
export const datetime: Kind = {
  several: true,
  normalise: (raw) =>
    typeof raw === 'string'
      ? toAscii(raw)
          .trim()
          .replace(/^(\S{10}) (\S{5})$/, '$1T$2')
      : raw,
  check(field, value, ctx) {
    if (typeof value !== 'string') return fault('wrong_type');
    if (!isMoment(value)) return fault('bad_datetime');
    const min = boundMoment(field.min, ctx.today, '00:00');
    if (min !== undefined && value < min) return fault('too_early', { min: shown(min) });
    const max = boundMoment(field.max, ctx.today, '23:59');
    if (max !== undefined && value > max) return fault('too_late', { max: shown(max) });
    return null;
  },
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? shown(value) : ''),
};

const HOW_TO: Text = { 'zh-CN': '格式：2026-01-31 14:30', en: 'Like 2026-01-31 14:30' };

export const datetimeProjection: KindProjection = {
  /** A day in any of its spellings, then a time in any of its. */
  parse(cell, field, look) {
    const text = toAscii(cell).trim();
    const match = /^(\d{8}|\d{4}[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}日?)[T\s]*(\S.*)$/.exec(text);
    return match ? `${String(dateProjection.parse(match[1]!, field, look))}T${readClock(match[2]!)}` : text;
  },
  mask: (value) => (isMoment(value) ? `${value.slice(0, 4)}-**-** **:**` : HIDDEN),
  jsonSchema: () => ({ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$' }),
  gives: 'moment',
  filterable: true,
  dedupe: true,
  cell: { howTo: HOW_TO, time: true },
  groups: (value) => [String(value).slice(0, 7)],
  groupText: (month) => month,
  uses: ['min', 'max'],
  vet(field) {
    const flaws = (['min', 'max'] as const)
      .filter((end) => {
        const bound = field[end];
        return bound !== undefined && !isMoment(bound) && !(typeof bound === 'string' && isBound(bound));
      })
      .map((end) => flaw(end, 'bad_date_bound'));
    if (flaws.length > 0) return flaws;
    // As for days: a range that is empty on each of these is taken to be empty on every day.
    const empty = ['2024-02-29', '2024-08-31', '2025-02-28'].every((today) => {
      const [min, max] = [boundMoment(field.min, today, '00:00'), boundMoment(field.max, today, '23:59')];
      return min !== undefined && max !== undefined && min > max;
    });
    return empty ? [flaw('max', 'min_over_max')] : [];
  },
};

export function datetimeCases(): KindCases {
  const any = sample('datetime');
  const coming = sample('datetime', { min: 'today', max: 'today+7d' });
  const exact = sample('datetime', { min: '2024-06-15T09:00', max: '2024-06-15T17:30' });
  const noon = '2024-06-15T12:00';
  return {
    good: [
      {
        field: any,
        raw: ' ２０２４-06-15 12:00 ',
        value: noon,
        text: '2024-06-15 12:00',
        masked: '2024-**-** **:**',
        cells: [
          '2024/6/15 12:00',
          '2024-06-15T12:00',
          '2024年6月15日 中午12点',
          '20240615 12:00:00',
          '2024.6.15 12:00 pm',
        ],
      },
      {
        field: coming,
        raw: '2024-06-15T00:00',
        value: '2024-06-15T00:00',
        text: '2024-06-15 00:00',
        masked: '2024-**-** **:**',
      },
      {
        field: coming,
        raw: '2024-06-22T23:59',
        value: '2024-06-22T23:59',
        text: '2024-06-22 23:59',
        masked: '2024-**-** **:**',
      },
      { field: exact, raw: noon, value: noon, text: '2024-06-15 12:00', masked: '2024-**-** **:**' },
      // The clocks of Shanghai were put forward in this night.
      {
        field: any,
        raw: '1986-05-04T00:30',
        value: '1986-05-04T00:30',
        text: '1986-05-04 00:30',
        masked: '1986-**-** **:**',
      },
    ],
    bad: [
      { field: any, raw: '2023-02-29T10:00', code: 'bad_datetime' },
      { field: any, raw: '2024-06-15', code: 'bad_datetime' },
      { field: any, raw: '2024-06-15T24:00', code: 'bad_datetime' },
      { field: any, raw: '2024-06-15T10:00:00Z', code: 'bad_datetime' },
      { field: coming, raw: '2024-06-14T23:59', code: 'too_early', params: { min: '2024-06-15 00:00' } },
      { field: coming, raw: '2024-06-23T00:00', code: 'too_late', params: { max: '2024-06-22 23:59' } },
      { field: exact, raw: '2024-06-15T08:59', code: 'too_early' },
      { field: any, raw: 1718424000000, code: 'wrong_type' },
      { field: any, raw: {}, code: 'wrong_type' },
    ],
    groups: [{ field: any, value: noon, groups: [['2024-06', '2024-06']] }],
  };
}

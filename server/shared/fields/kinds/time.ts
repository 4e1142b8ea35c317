import { sample, type KindCases } from '../cases/case.ts';
import { toAscii } from '../strings.ts';
import type { Text } from '../types.ts';
import { fault, flaw, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
/** `9:05`, `09:05:00`, `9点5分`, `下午2:30`, `2:30 PM`. */
const WRITTEN =
  /^(上午|中午|下午|晚上|凌晨)?\s*(\d{1,2})(?::(\d{2})(?::00)?|[点时](?:(\d{1,2})分?)?)\s*([ap])?\.?(?:m\.?)?$/i;

/** Whether a text is a time of the clock, `00:00` to `23:59`. */
export const isClock = (text: unknown): text is string => typeof text === 'string' && CLOCK.test(text);

/** A written time as `HH:mm`; the text itself where it is none. */
export function readClock(written: string): string {
  const text = toAscii(written).trim();
  const match = WRITTEN.exec(text);
  if (!match) return text;
  const [, part = '', hours = '', minutes, spoken = '0', letter = ''] = match;
  const after =
    part === '下午' || part === '晚上' || letter.toLowerCase() === 'p' || (part === '中午' && Number(hours) < 11);
  const early = part === '凌晨' || letter.toLowerCase() === 'a';
  const hour = after && Number(hours) < 12 ? Number(hours) + 12 : early && Number(hours) === 12 ? 0 : Number(hours);
  return `${String(hour).padStart(2, '0')}:${(minutes ?? spoken).padStart(2, '0')}`;
}

/** A time of the day, `HH:mm`. */
export const time: Kind = {
  normalise: (raw) => (typeof raw === 'string' ? toAscii(raw).trim() : raw),
  check(field, value) {
    if (typeof value !== 'string') return fault('wrong_type');
    if (!isClock(value)) return fault('bad_time');
    if (isClock(field.min) && value < field.min) return fault('too_early', { min: field.min });
    if (isClock(field.max) && value > field.max) return fault('too_late', { max: field.max });
    return null;
  },
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? value : ''),
};

const HOW_TO: Text = { 'zh-CN': '格式：14:30', en: 'Like 14:30' };

export const timeProjection: KindProjection = {
  parse: readClock,
  mask: () => HIDDEN,
  jsonSchema: () => ({ type: 'string', pattern: CLOCK.source }),
  gives: 'time',
  filterable: true,
  dedupe: true,
  cell: { howTo: HOW_TO, time: true, width: 10 },
  groups: (value) => [`${String(value).slice(0, 2)}:00`],
  groupText: (hour) => hour,
  uses: ['min', 'max'],
  vet(field) {
    const flaws = (['min', 'max'] as const)
      .filter((end) => field[end] !== undefined && !isClock(field[end]))
      .map((end) => flaw(end, 'bad_time_bound'));
    if (flaws.length > 0 || !field.min || !field.max) return flaws;
    return field.min > field.max ? [flaw('max', 'min_over_max')] : [];
  },
};

export function timeCases(): KindCases {
  const any = sample('time');
  const open = sample('time', { min: '08:30', max: '17:00' });
  return {
    good: [
      {
        field: any,
        raw: ' １４:30 ',
        value: '14:30',
        text: '14:30',
        masked: '**',
        cells: ['14:30:00', '14：30', '下午2:30', '2:30 PM', '14点30分', '下午2点30'],
      },
      {
        field: any,
        raw: '00:00',
        value: '00:00',
        text: '00:00',
        masked: '**',
        cells: ['0:00', '12:00 am', '凌晨12点'],
      },
      {
        field: any,
        raw: '12:05',
        value: '12:05',
        text: '12:05',
        masked: '**',
        cells: ['中午12:05', '12:05 p.m.', '12时5分'],
      },
      { field: open, raw: '08:30', value: '08:30', text: '08:30', masked: '**', cells: ['8:30', '上午8:30'] },
    ],
    bad: [
      { field: any, raw: '24:00', code: 'bad_time' },
      { field: any, raw: '9:30', code: 'bad_time' },
      { field: any, raw: '12:60', code: 'bad_time' },
      { field: any, raw: '中午', code: 'bad_time' },
      { field: open, raw: '08:29', code: 'too_early', params: { min: '08:30' } },
      { field: open, raw: '17:01', code: 'too_late', params: { max: '17:00' } },
      { field: any, raw: 0.5, code: 'wrong_type' },
      { field: any, raw: {}, code: 'wrong_type' },
    ],
    groups: [{ field: any, value: '14:30', groups: [['14:00', '14:00']] }],
  };
}

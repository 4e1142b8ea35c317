import { boundDay, isBound, isDay } from '../days.ts';
import { toAscii } from '../strings.ts';
import type { Text } from '../types.ts';
import { fault, flaw, HIDDEN, isBlank, type Kind, type KindProjection } from './kind.ts';

/** `2024-1-5`, `2024/01/05`, `2024.1.5`, `2024年1月5日`, `20240105`, each perhaps with a time of midnight. */
const WRITTEN =
  /^(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?|(\d{2})(\d{2}))(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?Z?)?$/;

/** A day, `YYYY-MM-DD`. */
export const date: Kind = {
  several: true,
  normalise: (raw) => (typeof raw === 'string' ? toAscii(raw).trim() : raw),
  check(field, value, ctx) {
    if (typeof value !== 'string') return fault('wrong_type');
    if (!isDay(value)) return fault('bad_date');
    const min = boundDay(field.min, ctx.today);
    if (min !== undefined && value < min) return fault('too_early', { min });
    const max = boundDay(field.max, ctx.today);
    if (max !== undefined && value > max) return fault('too_late', { max });
    return null;
  },
  isEmpty: isBlank,
  format: (value) => (typeof value === 'string' ? value : ''),
};

const HOW_TO: Text = {
  'zh-CN': '格式：2026-01-31',
  en: 'Like 2026-01-31',
};

export const dateProjection: KindProjection = {
  parse(cell) {
    const text = toAscii(cell).trim();
    if (isDay(text)) return text;
    const match = WRITTEN.exec(text);
    if (!match) return text;
    const [, year = '', month = match[4] ?? '', day = match[5] ?? ''] = match;
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  },
  mask: (value) => (typeof value === 'string' && isDay(value) ? `${value.slice(0, 4)}-**-**` : HIDDEN),
  jsonSchema: () => ({ type: 'string', format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  gives: 'day',
  filterable: true,
  dedupe: true,
  maps: ['person.birthDate'],
  cell: { howTo: HOW_TO },
  groups: (value) => [String(value).slice(0, 7)],
  groupText: (month) => month,
  uses: ['min', 'max'],
  vet(field) {
    const flaws = (['min', 'max'] as const)
      .filter((end) => field[end] !== undefined && !(typeof field[end] === 'string' && isBound(field[end])))
      .map((end) => flaw(end, 'bad_date_bound'));
    if (flaws.length > 0) return flaws;
    // A range that is empty on each of these days is taken to be empty on every day.
    const empty = ['2024-02-29', '2024-03-15', '2024-08-31', '2025-02-28'].every((today) => {
      const [min, max] = [boundDay(field.min, today), boundDay(field.max, today)];
      return min !== undefined && max !== undefined && min > max;
    });
    return empty ? [flaw('max', 'min_over_max')] : [];
  },
};

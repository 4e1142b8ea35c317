import { currentLocale, t } from './index.ts';

const SHANGHAI_MS = 8 * 3_600_000;
const two = (value: number) => (value < 10 ? `0${value}` : String(value));

/** The wall clock of Shanghai in the UTC fields of a Date; only for moments of today's rules (no summer time). */
const shanghai = (ms: number) => new Date(ms + SHANGHAI_MS);
const dayOf = (date: Date) => `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;

/** Today in Shanghai, `YYYY-MM-DD`. */
export const today = () => dayOf(shanghai(Date.now()));

/** `10:32`. */
export function clock(iso: string): string {
  const date = shanghai(Date.parse(iso));
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** `2026-11-21 14:05`: for receipts and as the full form of a friendly time. */
export const fullTime = (iso: string) => `${dayOf(shanghai(Date.parse(iso)))} ${clock(iso)}`;

/** `今天 14:05`, `昨天 14:05`, `11月3日 14:05`, with the year if it is another one. */
export function friendlyTime(iso: string): string {
  const date = shanghai(Date.parse(iso));
  const now = shanghai(Date.now());
  if (dayOf(date) === dayOf(now)) return t('time.today', { clock: clock(iso) });
  if (dayOf(date) === dayOf(shanghai(Date.now() - 86_400_000))) return t('time.yesterday', { clock: clock(iso) });
  return `${friendlyDay(dayOf(date), dayOf(now).slice(0, 4))} ${clock(iso)}`;
}

/** `2026年3月5日` or `5 March 2026` for `2026-03-05`; without the year if it is `hiddenYear`. */
export function friendlyDay(day: string, hiddenYear = ''): string {
  const [year = '', month, date] = day.split('-');
  if (!month || !date) return day;
  const params = { year, month: Number(month), day: Number(date) };
  if (currentLocale.value === 'en') {
    const name = 'January,February,March,April,May,June,July,August,September,October,November,December'.split(',')[
      params.month - 1
    ];
    return `${params.day} ${name}${year === hiddenYear ? '' : ` ${year}`}`;
  }
  return t(year === hiddenYear ? 'time.monthDay' : 'time.day', params);
}

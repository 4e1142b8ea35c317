import { duration } from '../../common/admin/text/format.ts';
import { t } from './schedules.texts.ts';

const two = (text: string) => text.padStart(2, '0');

/** A cron pattern in words, for the shapes that our jobs have; any other as it is written. Times are Shanghai's. */
export function planText(pattern: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = '', more] = pattern.trim().split(/\s+/);
  if (more !== undefined || month !== '*') return pattern;
  const every = /^\*\/(\d+)$/.exec(minute);
  if (every && [hour, day, weekday].every((part) => part === '*')) return t('everyMinutes', { n: every[1]! });
  if (!/^\d+$/.test(minute)) return pattern;
  if ([hour, day, weekday].every((part) => part === '*')) return t('everyHour', { minute });
  if (!/^\d+$/.test(hour)) return pattern;
  const time = `${two(hour)}:${two(minute)}`;
  if (day === '*' && weekday === '*') return t('everyDay', { time });
  if (day === '*' && /^[0-6]$/.test(weekday))
    return t('everyWeek', { day: t('weekdays').split(',')[Number(weekday)]!, time });
  if (/^\d+$/.test(day) && weekday === '*') return t('everyMonth', { day, time });
  return pattern;
}

/** What a run took; below a second it says so, too. */
export const tookText = (seconds: number): string =>
  t('took', { time: seconds < 1 ? `${Math.round(seconds * 1000)} ms` : duration(seconds) });

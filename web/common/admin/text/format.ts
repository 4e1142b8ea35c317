import { locale } from './locale.ts';

const zone = 'Asia/Shanghai';
const DAY = 86_400_000;

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale.value, { timeZone: zone, hourCycle: 'h23', ...options }).format(date);
}

/** The day in Shanghai, or in another time zone, as `YYYY-MM-DD`. */
export function dayOf(date: Date, timeZone = zone): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(date);
}

/** "今天 14:05", "昨天 09:10", "3月4日 14:05", with the year where it is another one. `iso` is a moment in UTC. */
export function shortTime(iso: string, now = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const clock = format(date, { hour: '2-digit', minute: '2-digit' });
  const day = dayOf(date);
  const zh = locale.value === 'zh-CN';
  if (day === dayOf(now)) return `${zh ? '今天' : 'Today'} ${clock}`;
  if (day === dayOf(new Date(now.getTime() - DAY))) return `${zh ? '昨天' : 'Yesterday'} ${clock}`;
  const sameYear = day.slice(0, 4) === dayOf(now).slice(0, 4);
  const date_ = format(date, {
    ...(sameYear ? {} : { year: 'numeric' }),
    month: zh ? 'long' : 'short',
    day: 'numeric',
  });
  return sameYear ? `${date_} ${clock}` : date_;
}

/** "14:05:31": where the day is known. */
export function clockTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return format(date, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** The whole date and time, for titles. */
export function fullTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return format(date, { dateStyle: 'long', timeStyle: 'medium' });
}

/** A calendar day `YYYY-MM-DD` as people write it; never shifted by a time zone. */
export function calendarDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return day;
  return locale.value === 'zh-CN'
    ? `${year}年${month}月${date}日`
    : new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.UTC(year, month - 1, date));
}

export function count(value: number): string {
  return new Intl.NumberFormat(locale.value).format(value);
}

/** Bytes as KB or MB. */
export function fileSize(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Seconds as "3 分 20 秒". */
export function duration(seconds: number): string {
  const zh = locale.value === 'zh-CN';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return zh ? `${whole} 秒` : `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return zh ? `${minutes} 分 ${whole % 60} 秒` : `${minutes} min ${whole % 60} s`;
}

/** The first moment of a day in Shanghai, as ISO 8601. China has had no summer time since 1991. */
export const dayStart = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();

/** The first moment after a day in Shanghai. */
export const nextDayStart = (day: string): string => new Date(Date.parse(dayStart(day)) + DAY).toISOString();

/** Calendar days as `YYYY-MM-DD` strings; they sort as text. Only UTC inside: no time zone can shift a day. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const BOUND = /^today(?:([+-])(?:(\d{1,5})d|(\d{1,3})([my])))?$/;
const MS_A_DAY = 86_400_000;

/** A real day of the calendar between 1900 and 2199. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  return year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** The number that digits of a text spell. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + text.charCodeAt(at) - 48;
  return number;
}

/** Days in a month, 1–12. */
function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** A day so many days later (or earlier). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * MS_A_DAY).toISOString().slice(0, 10);
}

/** A day so many months later (or earlier); the 31st becomes the last day of a shorter month. */
export function addMonths(day: string, months: number): string {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const [year, month] = [Math.floor(count / 12), (count % 12) + 1];
  const date = Math.min(Number(day.slice(8)), daysIn(year, month));
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(date).padStart(2, '0')].join('-');
}

/** Whether a text is a day or a day relative to today: `2024-01-31`, `today`, `today-14d`, `today+2m`, `today-120y`. */
export function isBound(text: string): boolean {
  return BOUND.test(text) || isDay(text);
}

/** The day that a bound means; undefined when it is none. */
export function boundDay(bound: unknown, today: string): string | undefined {
  if (typeof bound !== 'string') return undefined;
  if (bound === 'today') return today;
  const match = BOUND.exec(bound);
  if (!match) return isDay(bound) ? bound : undefined;
  const [, sign, days, months, unit] = match;
  const direction = sign === '-' ? -1 : 1;
  if (days) return addDays(today, direction * Number(days));
  if (months) return addMonths(today, direction * Number(months) * (unit === 'y' ? 12 : 1));
  return today;
}

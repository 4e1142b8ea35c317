/** The last day that the format knows, 9999-12-31, in the 1900 count. */
const LAST_SERIAL = 2_958_465;
const DAYS_1904 = 1462;
const DAY_SECONDS = 86_400;
const DIGIT_0 = 0x30;
const DASH = 0x2d;

/** What a number format shows: nothing of a date, a day (with or without a time), a time of day, a length of time. */
export type DateFormat = 'none' | 'date' | 'time' | 'elapsed';

/**
 * The text of a serial day number, or null when the number is no date (negative or past the year 9999).
 * The 1900 count has a 29 February 1900 that never was; it is given as the file shows it.
 * @param epoch1904 the workbook counts from 1904-01-01
 */
export function serialToText(serial: number, format: DateFormat, epoch1904: boolean): string | null {
  if (!(serial >= 0)) return null;
  if (format === 'elapsed') return timeText(Math.round(serial * DAY_SECONDS));
  const rounded = Math.round(serial * DAY_SECONDS);
  const day = Math.floor(rounded / DAY_SECONDS);
  const seconds = rounded - day * DAY_SECONDS;
  if (day === 0 && (format === 'time' || !epoch1904)) return timeText(seconds);
  const serial1900 = epoch1904 ? day + DAYS_1904 : day;
  if (serial1900 > LAST_SERIAL) return null;
  const date = dayText(serial1900, epoch1904);
  return seconds === 0 ? date : `${date} ${timeText(seconds)}`;
}

function dayText(serial: number, epoch1904: boolean): string {
  if (serial === 60 && !epoch1904) return '1900-02-29';
  // Day 1 is 1900-01-01 before the day that never was, and one day nearer after it.
  const text = new Uint8Array(DAY_CHARS);
  writeDay(serial - (serial < 60 && !epoch1904 ? 25_568 : 25_569), text, 0);
  return String.fromCharCode(...text);
}

/** The length of `YYYY-MM-DD`. */
export const DAY_CHARS = 10;

/** Days since 1970-01-01 of a whole serial number; undefined for the odd ones (before March 1900, past the last year). */
export function dayOfSerial(serial: number, epoch1904: boolean): number | undefined {
  const serial1900 = epoch1904 ? serial + DAYS_1904 : serial;
  return serial1900 > 60 && serial1900 <= LAST_SERIAL && serial > 0 ? serial1900 - 25_569 : undefined;
}

/**
 * Writes a day as `YYYY-MM-DD`, ten bytes.
 * The calendar is counted from 1 March of year 0, where leap days come last: Howard Hinnant, "chrono-compatible low-level
 * date algorithms", civil_from_days.
 */
export function writeDay(daysFrom1970: number, to: Uint8Array, at: number): void {
  const days = daysFrom1970 + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  writePair(Math.floor(year / 100), to, at);
  writePair(year % 100, to, at + 2);
  to[at + 4] = to[at + 7] = DASH;
  writePair(month, to, at + 5);
  writePair(dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1, to, at + 8);
}

function writePair(value: number, to: Uint8Array, at: number): void {
  const tens = Math.floor(value / 10);
  to[at] = DIGIT_0 + tens;
  to[at + 1] = DIGIT_0 + value - tens * 10;
}

function timeText(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** The text of a `t="d"` cell, which holds an ISO 8601 date, time or both; other texts are kept as they are. */
export function isoToText(value: string): string {
  const match = /^(?:(\d{4}-\d{2}-\d{2}))?T?(?:(\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?)?Z?$/.exec(value.trim());
  const [, date, minutes, seconds = '00'] = match ?? [];
  const time = minutes === undefined ? undefined : `${minutes}:${seconds}`;
  if (date !== undefined) return time === undefined || time === '00:00:00' ? date : `${date} ${time}`;
  return time ?? value;
}

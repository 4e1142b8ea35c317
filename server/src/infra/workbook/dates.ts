/** The last day that the format knows, 9999-12-31, in the 1900 count. */
const LAST_SERIAL = 2_958_465;
const DAYS_1904 = 1462;
const DAY_SECONDS = 86_400;

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
  const daysFrom1970 = serial - (serial < 60 && !epoch1904 ? 25_568 : 25_569);
  return new Date(daysFrom1970 * DAY_SECONDS * 1000).toISOString().slice(0, 10);
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

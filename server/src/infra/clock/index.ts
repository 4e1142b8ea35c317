/** Shanghai has kept UTC+8 since 1991; the days counted here are all later. */
const OFFSET_MS = 8 * 3_600_000;

/** The calendar day of a moment in Asia/Shanghai, `YYYY-MM-DD`. */
export const shanghaiDay = (moment: Date): string => new Date(moment.getTime() + OFFSET_MS).toISOString().slice(0, 10);

/** The wall clock of a moment in Asia/Shanghai, `YYYY-MM-DD HH:mm`. */
export const shanghaiMinute = (moment: Date): string =>
  new Date(moment.getTime() + OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');

/** The moment at which a day (`YYYY-MM-DD`) begins in Asia/Shanghai. */
export const startOfDay = (day: string): Date => new Date(Date.parse(`${day}T00:00:00.000Z`) - OFFSET_MS);

/** The moment at which a day has ended in Asia/Shanghai: the start of the next. */
export const endOfDay = (day: string): Date => new Date(startOfDay(day).getTime() + 24 * 3_600_000);

export interface DayParts {
  year: string;
  month: string;
  day: string;
}

/** `1990-05-01` as its three numbers; an unfinished day (`1990--`) gives what is there. */
export function splitDay(text: string): DayParts {
  const [year = '', month = '', day = ''] = text.split('-');
  return { year, month: month.replace(/^0(?=\d)/, ''), day: day.replace(/^0(?=\d)/, '') };
}

/** The three numbers as `YYYY-MM-DD`; unfinished ones keep their place (`1990--`), so that a draft keeps them too. */
export function joinDay({ year, month, day }: DayParts): string {
  const two = (part: string) => (part.trim().length === 1 ? `0${part.trim()}` : part.trim());
  return year || month || day ? `${year.trim()}-${two(month)}-${two(day)}` : '';
}

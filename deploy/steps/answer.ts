/** What a host program answered: its last line. */
export type Answer = Record<string, unknown>;

/** A text or number of an answer as text; anything else is `fallback`. */
export const textOf = (value: unknown, fallback = ''): string =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : fallback;

/** The texts of a list in an answer; none when it is no list. */
export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** The last of some lines. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** @returns the object in a line of JSON, if it is one */
export function parseLine(line: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

import { Problem } from './problem.ts';

/** An opaque place in a list: the sort values of its last row. */
export const encodeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place again, or invalid_input for a cursor that we did not make. `types` are those of the sort values. */
export function decodeCursor(cursor: string, types: readonly ('string' | 'number')[]): (string | number)[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(place) && place.length === types.length && place.every((value, i) => typeof value === types[i]))
      return place;
  } catch {
    // Falls through to the refusal.
  }
  throw refusal();
}

/** The same for a list that is sorted by id alone. */
export function decodeIdCursor(cursor: string): string {
  const [id] = decodeCursor(cursor, ['string']) as [string];
  if (!/^[0-9a-f]{24}$/.test(id)) throw refusal();
  return id;
}

const refusal = () => new Problem('invalid_input', { issues: [{ path: 'query.cursor', code: 'pattern_mismatch' }] });

import { isoToText, serialToText } from './dates.ts';
import { numberCell } from './numbers.ts';
import type { Styles } from './styles.ts';
import { EMPTY_CELL, type Cell } from './types.ts';

/** The `t` of a cell. */
export type StoredType = 'shared' | 'inline' | 'formula' | 'number' | 'boolean' | 'error' | 'date';

const STORED_TYPES = new Map<string, StoredType>([
  ['s', 'shared'],
  ['inlineStr', 'inline'],
  ['str', 'formula'],
  ['n', 'number'],
  ['b', 'boolean'],
  ['e', 'error'],
  ['d', 'date'],
]);

/** @param name the text of `t`; an unknown one is read as text */
export function storedType(name: string): StoredType {
  return STORED_TYPES.get(name) ?? 'inline';
}

/** The cell of a stored value that is no shared string. */
export function valueCell(type: StoredType, value: string, style: number, styles: Styles, epoch1904: boolean): Cell {
  if (value === '') return EMPTY_CELL;
  if (type === 'number') {
    const format = styles.of(style);
    if (format === 'none') return numberCell(value);
    const date = serialToText(Number(value), format, epoch1904);
    return date === null ? numberCell(value) : { type: 'date', text: date };
  }
  if (type === 'boolean') return { type: 'boolean', text: value === '1' || value === 'true' ? 'TRUE' : 'FALSE' };
  if (type === 'error') return { type: 'error', text: value };
  if (type === 'date') return { type: 'date', text: isoToText(value) };
  return textCell(value);
}

export function textCell(text: string): Cell {
  return text === '' ? EMPTY_CELL : { type: 'text', text };
}

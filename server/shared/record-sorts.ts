import { isSensitive } from './fields/fields.ts';
import type { Field } from './fields/types.ts';

/** Values in whose order nobody finds anything: lists, files, people, places of several parts. */
const UNSORTED: ReadonlySet<string> = new Set([
  'textarea',
  'checkbox',
  'matrix',
  'group',
  'address',
  'static',
  'consent',
  'hidden',
  'signature',
  'photo',
  'file',
  'person',
  'organisation',
]);

/** Whether a list may be sorted by the field. The order of sealed values would tell what they are. */
export const isSortable = (field: Field): boolean => !isSensitive(field) && !UNSORTED.has(field.kind);

/** Longest part of a text that its order is worked out of, characters. */
const LONGEST = 60;
const bits = new DataView(new ArrayBuffer(8));

/** A number as a text of 16 hex digits that sort as the numbers do. */
function orderOf(value: number): string {
  bits.setFloat64(0, value === 0 ? 0 : value);
  const negative = bits.getUint8(0) >= 0x80;
  let text = '';
  for (let at = 0; at < 8; at += 1) {
    const byte = bits.getUint8(at);
    const turned = negative ? byte ^ 0xff : at === 0 ? byte ^ 0x80 : byte;
    text += turned.toString(16).padStart(2, '0');
  }
  return text;
}

/**
 * What an answer is sorted by: a text whose order is the values' own (numbers by size, days by time, choices in the order
 * of the options, texts by code point). Empty for no answer, which comes first.
 */
export function sortValue(field: Field, value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (field.options && typeof value === 'string') {
    const at = field.options.findIndex(({ code }) => code === value);
    return at < 0 ? '~' : String(at).padStart(6, '0');
  }
  if (typeof value === 'number') return Number.isFinite(value) ? orderOf(value) : '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' ? value.slice(0, LONGEST) : '';
}

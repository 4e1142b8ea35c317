import { describe, expect, it } from 'vitest';
import type { ImportView } from './imports.types.ts';
import { clashes, columnLetter, draftOf, inputOf, valuesByField } from './mapping.ts';

const view = {
  rev: 7,
  sheet: 0,
  headerRow: 2,
  duplicates: 'skip',
  columns: [
    { index: 0, header: '姓名', samples: [], field: 'name', guessed: 'label' },
    { index: 1, header: '性别', samples: [], field: 'gender', guessed: 'synonym' },
    { index: 2, header: '备注', samples: [], field: null, guessed: null },
  ],
  values: [
    { field: 'gender', text: '男士', count: 3, code: 'male' },
    { field: 'gender', text: '不详', count: 1, code: null },
  ],
} as unknown as ImportView;

describe('what is sent of a mapping', () => {
  it('is all that a person sees, with the revision that it is based on', () => {
    const draft = { ...draftOf(view), duplicates: 'update' as const };
    expect(inputOf(draft, view)).toEqual({
      rev: 7,
      sheet: 0,
      headerRow: 2,
      columns: ['name', 'gender', null],
      values: [
        { field: 'gender', text: '男士', code: 'male' },
        { field: 'gender', text: '不详', code: null },
      ],
      duplicates: 'update',
    });
  });

  it('leaves columns and values to be guessed anew for another sheet or another header', () => {
    expect(inputOf({ ...draftOf(view), sheet: 1 }, view)).toEqual({ rev: 7, sheet: 1, duplicates: 'skip' });
    expect(inputOf({ ...draftOf(view), headerRow: 0 }, view)).toEqual({
      rev: 7,
      sheet: 0,
      headerRow: 0,
      duplicates: 'skip',
    });
  });

  it('drops the meanings of texts whose field has no column any more', () => {
    const draft = { ...draftOf(view), fields: ['name', null, null] };
    expect(inputOf(draft, view).values).toEqual([]);
  });
});

it('names for each column the other one that has its field', () => {
  expect(clashes(['name', null, 'phone', 'name', null])).toEqual([3, null, null, 0, null]);
  expect(clashes(['name', 'phone', null])).toEqual([null, null, null]);
});

it('calls columns as spreadsheet programs do', () => {
  expect([0, 1, 25, 26, 27, 51, 52, 701, 702].map(columnLetter)).toEqual(
    ['A', 'B', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA'], //
  );
});

it('puts the texts of one field together', () => {
  const value = (field: string, text: string) => ({ field, text, count: 1, code: null });
  expect(valuesByField([value('a', '1'), value('b', '2'), value('a', '3')])).toEqual([
    { field: 'a', values: [value('a', '1'), value('a', '3')] },
    { field: 'b', values: [value('b', '2')] },
  ]);
});

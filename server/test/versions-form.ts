import type { Field, FormContent } from '../shared/fields/types.ts';
import type { Mapping } from '../shared/forms/mappings.ts';

/** A form that changes: two versions with everything between them that can cost an answer, and what carries the rest over. */

const text = (words: string) => ({ 'zh-CN': words });
const options = (...codes: string[]) => codes.map((code) => ({ code, label: text(code) }));
const form = (...fields: Partial<Field>[]): FormContent => ({
  title: text('来访登记'),
  steps: [
    {
      key: 'one',
      title: text('一'),
      fields: fields.map((field) => ({ kind: 'text', label: text(field.key!), ...field }) as Field),
    },
  ],
});

const NAME: Partial<Field> = { key: 'name', required: true, filterable: true };
const PHONE: Partial<Field> = { key: 'phone', kind: 'phone' };
const NOTE: Partial<Field> = { key: 'note', sensitive: true };

export const FIRST = form(
  NAME,
  PHONE,
  NOTE,
  { key: 'colour', kind: 'radio', options: options('red', 'blue', 'green'), filterable: true },
  { key: 'people', kind: 'integer', min: 0, max: 500 },
  { key: 'tel', label: text('电话') },
  { key: 'place' },
);

/** One option less, a narrower range, a field renamed, one split, one added. */
export const SECOND = form(
  NAME,
  PHONE,
  NOTE,
  { key: 'colour', kind: 'radio', options: options('red', 'green', 'yellow'), filterable: true },
  { key: 'people', kind: 'integer', min: 0, max: 100 },
  { key: 'line', label: text('电话') },
  { key: 'town' },
  { key: 'street' },
  { key: 'source', required: true },
);

/** `blue` has no heir: who chose it has to choose again. */
export const MAPPINGS: Mapping[] = [
  { op: 'recode', field: 'colour', codes: { green: 'yellow' } },
  { op: 'rename', from: 'tel', to: 'line' },
  { op: 'split', from: 'place', to: ['town', 'street'], by: ' ' },
  { op: 'default', field: 'source', value: '旧表' },
];

const COLOURS = ['red', 'blue', 'green', undefined];

/** Right answers to the first version, of invented person number `index`. */
export function firstAnswers(index: number): Record<string, unknown> {
  const colour = COLOURS[index % 4];
  return {
    name: `居民${index}`,
    phone: `139${String(index).padStart(8, '0')}`,
    ...(index % 3 === 0 ? { note: `备注${index}` } : {}),
    ...(colour ? { colour } : {}),
    people: index % 130,
    tel: `0755-${index}`,
    place: `深圳 南山${index}号`,
  };
}

/** Whether these answers lose something on the second version, said by plain code. */
export const isHit = ({ colour, people }: Record<string, unknown>): boolean =>
  colour === 'blue' || (typeof people === 'number' && people > 100);

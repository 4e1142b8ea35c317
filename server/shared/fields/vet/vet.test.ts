import { describe, expect, it } from 'vitest';
import { healthDeclaration } from '../../demo/healthDeclaration.ts';
import type { Field, FormContent } from '../types.ts';
import { isPublishable, vetForm, vetPattern } from './index.ts';

const label = { 'zh-CN': '标签', en: 'Label' };
const options = [
  { code: 'yes', label: { 'zh-CN': '是' } },
  { code: 'no', label: { 'zh-CN': '否' } },
];
type Rough = Record<string, unknown>;
const form = (fields: Rough[], rest: Rough = {}): Rough => ({
  title: label,
  steps: [{ key: 'one', title: label, fields: fields.map((field) => ({ label, ...field })) }],
  ...rest,
});
const told = (content: unknown): string[] => vetForm(content).map(({ path, code }) => `${path} ${code}`);
const field = (rest: Rough): string[] =>
  told(form([{ key: 'it', kind: 'text', ...rest }])).map((each) => each.replace('steps.0.fields.0.', ''));

describe('vetForm', () => {
  it('lets a good form pass', () => {
    expect(vetForm(healthDeclaration)).toEqual([]);
    expect(isPublishable(form([{ key: 'a', kind: 'text' }]))).toBe(true);
  });

  it.each<[string, unknown, string[]]>([
    ['no object', null, [' shape']],
    ['nothing', {}, ['title text_missing', 'steps shape']],
    ['no steps', { title: label, steps: [] }, ['steps no_steps']],
    ['no fields', form([]), ['steps.0.fields no_fields']],
    [
      'more than 200 fields',
      form(Array.from({ length: 201 }, (_, at) => ({ key: `f${at}`, kind: 'text' }))),
      ['steps too_many_fields'],
    ],
    [
      'strange properties',
      form([{ key: 'a', kind: 'text', colour: 'red' }], { owner: 1 }),
      ['owner unknown_property', 'steps.0.fields.0.colour unknown_property'],
    ],
    [
      'keys twice',
      form([
        { key: 'a', kind: 'text' },
        { key: 'a', kind: 'date' },
      ]),
      ['steps.0.fields.1.key duplicate_key'],
    ],
    [
      'one detail of a person twice',
      form([
        { key: 'a', kind: 'phone', maps: 'person.phone' },
        { key: 'b', kind: 'phone', maps: 'person.phone' },
      ]),
      ['steps.0.fields.1.maps maps_duplicate'],
    ],
    [
      'an unknown duplicate rule',
      form([{ key: 'a', kind: 'text' }], { dedupe: ['b', 'a'] }),
      ['dedupe.0 dedupe_unknown_field', 'dedupe.1 dedupe_not_required'],
    ],
    [
      'an unfit duplicate rule',
      form([{ key: 'a', kind: 'address', required: true }], { dedupe: ['a'] }),
      ['dedupe.0 dedupe_unfit'],
    ],
  ])('refuses %s', (_name, content, expected) => expect(told(content)).toEqual(expected));

  it.each<[Rough, string[]]>([
    [{ key: 'Big' }, ['key bad_key']],
    [{ key: 'a-b' }, ['key bad_key']],
    [{ key: 'x'.repeat(41) }, ['key bad_key']],
    [{ key: '__proto__' }, ['key reserved_key']],
    [{ key: 'constructor' }, ['key reserved_key']],
    [{ key: 'toString' }, ['key reserved_key']],
    [{ key: 5 }, ['key shape']],
    [{ kind: 'hologram' }, ['kind unknown_kind']],
    [{ label: { en: 'English only' } }, ['label.zh-CN text_missing']],
    [{ label: { 'zh-CN': '文'.repeat(201) } }, ['label.zh-CN text_too_long']],
    [{ label: '标签' }, ['label shape']],
    [{ hint: { 'zh-CN': 'x', fr: 'x' } }, ['hint.fr unknown_property']],
    [{ required: 'yes' }, ['required shape']],
    [{ options }, ['options not_for_kind']],
    [{ min: -1 }, ['min bad_bound']],
    [{ min: 1.5 }, ['min bad_bound']],
    [{ min: 'today' }, ['min bad_bound']],
    [{ max: 1001 }, ['max bad_bound']],
    [{ min: 5, max: 4 }, ['max min_over_max']],
    [{ pattern: '[' }, ['pattern pattern_invalid']],
    [{ patternHint: label }, ['patternHint not_for_kind']],
    [{ maps: 'person.salary' }, ['maps maps_unknown']],
    [{ maps: 'person.phone' }, ['maps maps_unfit']],
    [{ kind: 'radio' }, ['options options_missing']],
    [{ kind: 'radio', options: [{ code: 'a b', label }] }, ['options.0.code bad_option_code']],
    [{ kind: 'radio', options: [options[0], { code: 'YES', label }] }, ['options.1.code duplicate_option']],
    [
      { kind: 'radio', options: [options[0], { code: 'x', label: options[0]!.label }] },
      ['options.1.label duplicate_label'],
    ],
    [{ kind: 'radio', options: [{ code: 1, label }] }, ['options.0.code shape']],
    [{ kind: 'radio', options, maps: 'person.gender' }, ['maps gender_codes']],
    [
      {
        kind: 'select',
        options: Array.from({ length: 501 }, (_, at) => ({ code: `${at}`, label: { 'zh-CN': `第${at}` } })),
      },
      ['options too_many_options'],
    ],
    [{ kind: 'checkbox', options: [{ code: 'a', label: { 'zh-CN': '甲；乙' } }] }, ['options.0.label label_separator']],
    [{ kind: 'checkbox', options, min: 3 }, ['min more_than_options']],
    [{ kind: 'date', min: 'yesterday' }, ['min bad_date_bound']],
    [{ kind: 'date', max: 2024 }, ['max bad_date_bound']],
    [{ kind: 'date', min: 'today', max: 'today-1d' }, ['max min_over_max']],
    [{ kind: 'decimal', scale: 7 }, ['scale bad_scale']],
    [{ kind: 'region', level: 'village' }, ['level unknown_level']],
    [{ kind: 'document', documentTypes: ['driving'] }, ['documentTypes unknown_document_type']],
    [{ kind: 'document', documentTypes: [] }, ['documentTypes unknown_document_type']],
    [{ kind: 'static', required: true }, ['required not_for_kind']],
    [{ kind: 'address', filterable: true }, ['filterable filter_unfit']],
  ])('refuses the field %j', (rest, expected) => expect(field(rest)).toEqual(expected));
});

describe('conditions', () => {
  const when = (visibleWhen: unknown): string[] =>
    told(
      form([
        { key: 'a', kind: 'radio', options },
        { key: 'n', kind: 'integer' },
        { key: 'list', kind: 'checkbox', options },
        { key: 'card', kind: 'document' },
        { key: 'it', kind: 'text', visibleWhen },
        { key: 'later', kind: 'text' },
      ]),
    ).map((each) => each.replace('steps.0.fields.4.visibleWhen', 'at'));

  it.each<[unknown, string[]]>([
    [{ field: 'a', op: 'eq', value: 'yes' }, []],
    [{ all: [{ field: 'n', op: 'gte', value: 3 }, { not: { field: 'card', op: 'empty' } }] }, []],
    [{ field: 'list', op: 'contains', value: 'no' }, []],
    [{ field: 'a', op: 'in', value: ['yes', 'no'] }, []],
    [{ field: 'nobody', op: 'filled' }, ['at.field condition_unknown_field']],
    [{ field: 'later', op: 'filled' }, []],
    [{ field: 'it', op: 'filled' }, ['steps.0.fields.4 logic_circle']],
    [{ field: 'a', op: 'gt', value: 'yes' }, ['at.op condition_unfit']],
    [{ field: 'a', op: 'eq', value: 'maybe' }, ['at.value condition_unknown_option']],
    [{ field: 'a', op: 'in', value: 'yes' }, ['at.value shape']],
    [{ field: 'n', op: 'eq', value: '3' }, ['at.value condition_unfit']],
    [{ field: 'card', op: 'eq', value: 'x' }, ['at.op condition_unfit']],
    [{ field: 'a', op: 'filled', value: 1 }, ['at.op condition_unfit']],
    [{ field: 'a', op: '$where', value: 1 }, ['at.op condition_unfit']],
    [{ field: 'a', op: 'eq', value: 'yes', extra: 1 }, ['at.extra unknown_property']],
    [{ all: [] }, ['at.all shape']],
    [{ all: [], any: [] }, ['at.any unknown_property', 'at.all shape']],
    [{ not: 5 }, ['at.not shape']],
    [true, ['at shape']],
    [
      [1, 2, 3, 4, 5].reduce<unknown>((inner) => ({ not: inner }), { field: 'a', op: 'filled' }),
      ['at condition_too_deep'],
    ],
    [{ any: Array.from({ length: 60 }, () => ({ field: 'a', op: 'filled' })) }, ['at condition_too_deep']],
  ])('%j: %j', (condition, expected) => expect(when(condition)).toEqual(expected));

  it('cannot form a circle', () => {
    const circle = form([
      { key: 'a', kind: 'text', visibleWhen: { field: 'b', op: 'filled' } },
      { key: 'b', kind: 'text', visibleWhen: { field: 'a', op: 'filled' } },
    ]);
    expect(vetForm(circle)).toEqual([
      { path: 'steps.0.fields.0', code: 'logic_circle', params: { fields: 'a → b → a' } },
    ]);
  });
});

describe('vetPattern', () => {
  it.each([
    ['[A-Z]\\d{5}', undefined],
    ['\\p{Script=Han}{2,20}', undefined],
    ['(?<year>\\d{4})', undefined],
    ['\\\\1', undefined],
    ['[(?<=]', undefined],
    ['\\(\\?<=', undefined],
    ['', 'pattern_invalid'],
    ['a)|(b', 'pattern_invalid'],
    ['(?i:a)(', 'pattern_invalid'],
    ['(?<=a)b', 'pattern_look_behind'],
    ['(?<!a)b', 'pattern_look_behind'],
    ['(a)\\1', 'pattern_back_reference'],
    ['(?<n>a)\\k<n>', 'pattern_back_reference'],
    ['a'.repeat(201), 'pattern_too_long'],
  ])('%j: %s', (pattern, code) => expect(vetPattern(pattern, 'p')[0]?.code).toBe(code));
});

it('takes types for granted only after it has judged them', () => {
  const content: unknown = form([{ key: 'a', kind: 'text' }]);
  if (!isPublishable(content)) throw new Error('should be publishable');
  const typed: FormContent = content;
  const first: Field | undefined = typed.steps[0]?.fields[0];
  expect(first?.key).toBe('a');
});

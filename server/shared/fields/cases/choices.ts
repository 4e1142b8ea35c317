import type { Field, Option } from '../types.ts';
import { sample, type KindCases } from './case.ts';

const options: Option[] = [
  { code: 'fever', label: { 'zh-CN': '发热', en: 'Fever' } },
  { code: 'cough', label: { 'zh-CN': '咳嗽、咽痛', en: 'Cough, sore throat' } },
  { code: '3', label: { 'zh-CN': '乏力' } },
];
/** Labels that are codes of other options: what is read wins over what is stored. */
const crossed: Option[] = [
  { code: '1', label: { 'zh-CN': '2' } },
  { code: '2', label: { 'zh-CN': '1' } },
];

function choice(field: (rest: Partial<Field>) => Field): KindCases {
  return {
    groups: [{ field: field({ options }), value: '3', groups: [['3', '乏力']] }],
    good: [
      {
        field: field({ options }),
        raw: ' fever ',
        value: 'fever',
        text: '发热',
        masked: '**',
        cells: ['FEVER', 'fever', ' 发热 '],
      },
      {
        field: field({ options }),
        raw: 'cough',
        value: 'cough',
        text: '咳嗽、咽痛',
        masked: '**',
        cells: ['Cough, Sore Throat'],
      },
      { field: field({ options }), raw: '3', value: '3', text: '乏力', masked: '**', cells: ['3'] },
      { field: field({ options: crossed }), raw: '1', value: '1', text: '2', masked: '**' },
    ],
    bad: [
      { field: field({ options }), raw: 'Fever', code: 'unknown_option' },
      { field: field({ options }), raw: '头晕', code: 'unknown_option' },
      { field: field({ options }), raw: '__proto__', code: 'unknown_option' },
      { field: field({}), raw: 'fever', code: 'unknown_option' },
      { field: field({ options }), raw: 3, code: 'wrong_type' },
      { field: field({ options }), raw: ['fever'], code: 'wrong_type' },
      { field: field({ options }), raw: { $ne: null }, code: 'wrong_type' },
    ],
  };
}

export const radio = choice((rest) => sample('radio', rest));
export const select = choice((rest) => sample('select', rest));

const some = sample('checkbox', { options });
const two = sample('checkbox', { options, min: 2, max: 2 });

export const checkbox: KindCases = {
  empty: [undefined, null, '', [], ['']],
  groups: [
    {
      field: some,
      value: ['fever', '3'],
      groups: [
        ['fever', '发热'],
        ['3', '乏力'],
      ],
    },
  ],
  good: [
    {
      field: some,
      raw: ['3', 'fever', 'fever'],
      value: ['fever', '3'],
      text: '发热；乏力',
      masked: '**',
      cells: ['乏力;发热', '乏力、发热', '乏力, Fever', 'fever|3', '发热\n乏力', '发热；；乏力；'],
    },
    { field: some, raw: ['cough'], value: ['cough'], text: '咳嗽、咽痛', masked: '**' },
    { field: two, raw: ['cough', 'fever'], value: ['fever', 'cough'], text: '发热；咳嗽、咽痛', masked: '**' },
  ],
  bad: [
    { field: some, raw: ['fever', '头晕'], code: 'unknown_option' },
    { field: two, raw: ['fever'], code: 'too_few_choices', params: { min: 2 } },
    { field: two, raw: ['fever', 'cough', '3'], code: 'too_many_choices', params: { max: 2 } },
    { field: some, raw: 'fever', code: 'wrong_type' },
    { field: some, raw: [1], code: 'wrong_type' },
    { field: some, raw: [['fever']], code: 'wrong_type' },
    { field: some, raw: { 0: 'fever' }, code: 'wrong_type' },
  ],
};

import { sample, type KindCases } from './case.ts';

const age = sample('integer', { min: 0, max: 150, unit: { 'zh-CN': '岁', en: 'years' } });

export const integer: KindCases = {
  groups: [
    { field: age, value: 39, groups: [['20', '20–39 岁']] },
    { field: sample('integer'), value: -5, groups: [['-10', '-10–-1']] },
    { field: sample('integer', { min: 0, max: 9 }), value: 9, groups: [['9', '9']] },
  ],
  good: [
    { field: age, raw: 30, value: 30, text: '30', masked: '**', cells: ['30 岁', '３０', '30 years', '30.0', '+30'] },
    { field: age, raw: ' ３０ ', value: 30, text: '30', masked: '**' },
    { field: age, raw: '-0', value: 0, text: '0', masked: '**' },
    {
      field: sample('integer'),
      raw: -12345,
      value: -12345,
      text: '-12345',
      masked: '**',
      cells: ['-12,345', '−12345'],
    },
  ],
  bad: [
    { field: age, raw: 30.5, code: 'not_integer' },
    { field: age, raw: '三十', code: 'not_integer' },
    { field: age, raw: '1e2', code: 'not_integer' },
    { field: age, raw: '0x10', code: 'not_integer' },
    { field: age, raw: -1, code: 'too_small', params: { min: 0 } },
    { field: age, raw: 151, code: 'too_big', params: { max: 150 } },
    { field: sample('integer'), raw: '90071992547409930', code: 'too_big' },
    { field: sample('integer'), raw: 1e300, code: 'too_big' },
    { field: age, raw: true, code: 'wrong_type' },
    { field: age, raw: [30], code: 'wrong_type' },
    { field: age, raw: { $gte: 0 }, code: 'wrong_type' },
  ],
};

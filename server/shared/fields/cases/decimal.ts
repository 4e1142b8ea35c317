import { sample, type KindCases } from './case.ts';

const warmth = sample('decimal', { min: 34, max: 43, scale: 1, unit: { 'zh-CN': '℃', en: '°C' } });
const fine = sample('decimal', { scale: 6 });

export const decimal: KindCases = {
  groups: [
    { field: warmth, value: 36.9, groups: [['36', '36 至不足 37 ℃']] },
    { field: warmth, value: 37, groups: [['37', '37 至不足 38 ℃']] },
    { field: sample('decimal', { min: 0, max: 1 }), value: 0.3, groups: [['0.3', '0.3 至不足 0.4']] },
  ],
  good: [
    {
      field: warmth,
      raw: 36.5,
      value: 36.5,
      text: '36.5',
      masked: '**',
      cells: ['36.5℃', '36.50', '36.5 °C', '３６.５'],
    },
    { field: warmth, raw: '３７', value: 37, text: '37', masked: '**' },
    { field: sample('decimal'), raw: '1234.56', value: 1234.56, text: '1234.56', masked: '**', cells: ['1,234.56'] },
    { field: sample('decimal'), raw: -0.07, value: -0.07, text: '-0.07', masked: '**' },
    { field: fine, raw: 0.000001, value: 0.000001, text: '0.000001', masked: '**' },
  ],
  bad: [
    { field: warmth, raw: 36.55, code: 'too_many_decimals', params: { scale: 1 } },
    { field: sample('decimal'), raw: 0.1 + 0.2, code: 'too_many_decimals', params: { scale: 2 } },
    { field: warmth, raw: '发热', code: 'not_number' },
    { field: warmth, raw: '36,5', code: 'not_number' },
    { field: warmth, raw: 33.9, code: 'too_small', params: { min: 34 } },
    { field: warmth, raw: 43.1, code: 'too_big', params: { max: 43 } },
    { field: sample('decimal'), raw: 1e13, code: 'too_big' },
    { field: warmth, raw: {}, code: 'wrong_type' },
    { field: warmth, raw: false, code: 'wrong_type' },
  ],
};

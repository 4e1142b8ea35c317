import { sample, type KindCases } from './case.ts';

const plain = sample('text', { min: 2, max: 10 });
const plate = sample('text', { pattern: '[A-Z]\\d{2}|X' });
const unsafe = sample('text', { pattern: 'a)|(b' });

export const text: KindCases = {
  good: [
    { field: plain, raw: '  张三丰 ', value: '张三丰', text: '张三丰', masked: '张**', cells: ['张三丰\n'] },
    { field: plain, raw: 'Zoe\u0301\tMu\u0308ller', value: 'Zoé Müller', text: 'Zoé Müller', masked: 'Z**' },
    {
      field: plain,
      raw: '😀😀😀😀😀😀😀😀😀😀',
      value: '😀😀😀😀😀😀😀😀😀😀',
      text: '😀😀😀😀😀😀😀😀😀😀',
      masked: '😀**',
    },
    { field: sample('text'), raw: '王', value: '王', text: '王', masked: '**' },
    { field: sample('text'), raw: '=1+1', value: '=1+1', text: '=1+1', masked: '=**' },
    { field: plate, raw: 'A12', value: 'A12', text: 'A12', masked: 'A**' },
    { field: plate, raw: 'X', value: 'X', text: 'X', masked: '**' },
  ],
  bad: [
    { field: plain, raw: '张', code: 'too_short', params: { min: 2, length: 1 } },
    { field: plain, raw: '12345678901', code: 'too_long', params: { max: 10, length: 11 } },
    { field: sample('text'), raw: '长'.repeat(201), code: 'too_long', params: { max: 200, length: 201 } },
    { field: plain, raw: 'a\u0000b', code: 'bad_characters' },
    { field: plain, raw: 'a\ud800b', code: 'bad_characters' },
    { field: plate, raw: 'A123', code: 'pattern_mismatch' },
    { field: plate, raw: 'XX', code: 'pattern_mismatch' },
    { field: unsafe, raw: 'a', code: 'pattern_mismatch' },
    { field: plain, raw: 12, code: 'wrong_type' },
    { field: plain, raw: { $gt: '' }, code: 'wrong_type' },
    { field: plain, raw: ['张三'], code: 'wrong_type' },
    { field: plain, raw: true, code: 'wrong_type' },
  ],
};

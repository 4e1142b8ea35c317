import { sample, type KindCases } from './case.ts';

const plain = sample('textarea', { min: 2, max: 10 });

export const textarea: KindCases = {
  good: [
    {
      field: plain,
      raw: ' 一行\r\n二行\r三行 \n',
      value: '一行\n二行\n三行',
      text: '一行\n二行\n三行',
      masked: '一**',
    },
    { field: plain, raw: '一\n\n二', value: '一\n\n二', text: '一\n\n二', masked: '一**' },
  ],
  bad: [
    { field: plain, raw: '一', code: 'too_short' },
    { field: plain, raw: '一二三四五\n六七八九十', code: 'too_long', params: { max: 10, length: 11 } },
    { field: sample('textarea'), raw: 'x'.repeat(2001), code: 'too_long' },
    { field: plain, raw: 'a\u001bb', code: 'bad_characters' },
    { field: plain, raw: 5, code: 'wrong_type' },
    { field: plain, raw: {}, code: 'wrong_type' },
  ],
};

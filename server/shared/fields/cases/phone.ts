import { sample, type KindCases } from './case.ts';

const phoneField = sample('phone');

export const phone: KindCases = {
  good: [
    {
      field: phoneField,
      raw: ' 138-0013 8000 ',
      value: '13800138000',
      text: '13800138000',
      masked: '138****8000',
      cells: [
        '138 0013 8000',
        '+8613800138000',
        '008613800138000',
        '(+86) 138-0013-8000',
        '１３８００１３８０００',
        '8613800138000',
      ],
    },
    // As an address book copies it, with invisible marks of direction.
    {
      field: phoneField,
      raw: '\u202d+86 199\u00a08888\u20117777\u202c',
      value: '19988887777',
      text: '19988887777',
      masked: '199****7777',
    },
  ],
  bad: [
    { field: phoneField, raw: '1380013800', code: 'phone_length', params: { length: 10 } },
    { field: phoneField, raw: '138001380001', code: 'phone_length', params: { length: 12 } },
    { field: phoneField, raw: '12800138000', code: 'phone_invalid' },
    { field: phoneField, raw: '1380013800a', code: 'phone_invalid' },
    { field: phoneField, raw: '没有', code: 'phone_invalid' },
    { field: phoneField, raw: 13800138000, code: 'wrong_type' },
    { field: phoneField, raw: { $gt: '' }, code: 'wrong_type' },
    { field: phoneField, raw: ['13800138000'], code: 'wrong_type' },
  ],
};

import type { Field } from '../types.ts';
import { sample, type KindCases } from './case.ts';

const name: Field = { key: 'name', kind: 'text', label: { 'zh-CN': '姓名', en: 'Name' }, required: true, max: 20 };
const age: Field = { key: 'age', kind: 'integer', label: { 'zh-CN': '年龄', en: 'Age' }, min: 0, max: 130 };
const signs: Field = {
  key: 'signs',
  kind: 'checkbox',
  label: { 'zh-CN': '症状', en: 'Signs' },
  options: [
    { code: 'fever', label: { 'zh-CN': '发热', en: 'Fever' } },
    { code: 'cough', label: { 'zh-CN': '咳嗽', en: 'Cough' } },
  ],
};
const note: Field = { key: 'note', kind: 'textarea', label: { 'zh-CN': '备注：其他', en: 'Note; other' } };
const phone: Field = { key: 'phone', kind: 'phone', label: { 'zh-CN': '手机号', en: 'Phone' } };

const members = sample('group', { fields: [name, age, signs, note], min: 1, max: 3 });
const free = sample('group', { fields: [age, signs] });
const secret = sample('group', { fields: [name, phone] });

export const group: KindCases = {
  good: [
    {
      field: members,
      raw: [{ name: ' 张三 ', age: '１２' }, { name: '李四', signs: ['cough', 'fever'] }, { name: '' }],
      value: [
        { name: '张三', age: 12 },
        { name: '李四', signs: ['fever', 'cough'] },
      ],
      text: '姓名：张三；年龄：12\n姓名：李四；症状：发热\\；咳嗽',
      masked: '2 条',
      cells: [
        'name: 张三; age: 12\r\nNAME:李四;症状:咳嗽、发热',
        '姓名：张三；年龄：12；\n\n姓名：李四；症状：fever,cough；备注\\：其他：',
      ],
    },
    {
      field: members,
      raw: [{ name: 'a:b;c', note: '一\n二\\n；' }],
      value: [{ name: 'a:b;c', note: '一\n二\\n；' }],
      text: '姓名：a:b\\;c；备注\\：其他：一\\n二\\\\n\\；',
      masked: '1 条',
    },
    { field: free, raw: [{}, { age: 0 }, {}], value: [{}, { age: 0 }], text: '-\n年龄：0', masked: '2 条' },
    {
      field: secret,
      raw: [{ name: '王五', phone: '138 0013 8000' }],
      value: [{ name: '王五', phone: '13800138000' }],
      text: '姓名：王五；手机号：13800138000',
      masked: '1 条',
    },
  ],
  bad: [
    {
      field: members,
      raw: Array.from({ length: 4 }, () => ({ name: '甲' })),
      code: 'too_many_records',
      params: { max: 3 },
    },
    {
      field: sample('group', { fields: [name], min: 2 }),
      raw: [{ name: '甲' }],
      code: 'too_few_records',
      params: { min: 2 },
    },
    { field: free, raw: Array.from({ length: 51 }, () => ({ age: 1 })), code: 'too_many_records', params: { max: 50 } },
    { field: members, raw: '两个人', code: 'records_unreadable' },
    { field: members, raw: [{ age: 3 }], code: 'required' },
    { field: members, raw: [{ name: '甲', age: 131 }], code: 'too_big' },
    { field: members, raw: [{ name: '甲', salary: 1 }], code: 'unknown_field' },
    { field: members, raw: ['甲'], code: 'wrong_type' },
    { field: members, raw: { 0: { name: '甲' } }, code: 'wrong_type' },
    { field: members, raw: 5, code: 'wrong_type' },
    { field: members, raw: [[{ name: '甲' }]], code: 'wrong_type' },
  ],
  empty: [undefined, null, '', ' \u3000\n', [], [{}], [{ name: ' ' }, {}]],
};

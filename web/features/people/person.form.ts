import type { FormContent } from '../../../server/shared/fields/types.ts';

/** A person as a form, so that it is drawn and judged like every other form. Keys are those of the API. */
export const personForm: FormContent = {
  title: { 'zh-CN': '人员', en: 'Person' },
  steps: [
    {
      key: 'basics',
      title: { 'zh-CN': '基本信息', en: 'Details' },
      fields: [
        { key: 'name', kind: 'text', label: { 'zh-CN': '姓名', en: 'Name' }, required: true, min: 1, max: 60 },
        { key: 'document', kind: 'document', label: { 'zh-CN': '证件', en: 'ID document' } },
        { key: 'phone', kind: 'phone', label: { 'zh-CN': '手机号', en: 'Phone' } },
        {
          key: 'gender',
          kind: 'radio',
          label: { 'zh-CN': '性别', en: 'Gender' },
          options: [
            { code: 'male', label: { 'zh-CN': '男', en: 'Male' } },
            { code: 'female', label: { 'zh-CN': '女', en: 'Female' } },
            { code: 'other', label: { 'zh-CN': '其他', en: 'Other' } },
          ],
        },
        { key: 'birthDate', kind: 'date', label: { 'zh-CN': '出生日期', en: 'Date of birth' }, max: 'today' },
        { key: 'region', kind: 'region', label: { 'zh-CN': '所在地区', en: 'Region' } },
        { key: 'address', kind: 'address', label: { 'zh-CN': '住址', en: 'Address' } },
      ],
    },
  ],
};

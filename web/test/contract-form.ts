import type { FormContent } from '../../server/shared/fields/types.ts';

/** The form of the contract's calls. Only ever added to, at the end: older files say what is in it. */
export const CONTRACT_FORM: FormContent = {
  title: { 'zh-CN': '活动报名' },
  steps: [
    {
      key: 'who',
      title: { 'zh-CN': '您是谁' },
      fields: [
        { key: 'name', kind: 'text', label: { 'zh-CN': '姓名' }, required: true, maps: 'person.name' },
        {
          key: 'document',
          kind: 'document',
          label: { 'zh-CN': '证件' },
          documentTypes: ['passport'],
          required: true,
          maps: 'person.document',
        },
        { key: 'region', kind: 'region', label: { 'zh-CN': '地区' }, level: 'city' },
      ],
    },
  ],
  dedupe: ['document'],
};

import type { Option } from '../fields/types.ts';

export const YES_NO: Option[] = [
  { code: 'yes', label: { 'zh-CN': '是', en: 'Yes' } },
  { code: 'no', label: { 'zh-CN': '否', en: 'No' } },
];

import type { FormContent } from '../../fields/types.ts';
import { choice, confirmStep, documentField, nameField, phoneField, words, YES_NO } from './parts.ts';

/** People who come to visit somebody. */
export const visitors: FormContent = {
  title: words('访客登记', 'Visitor registration'),
  intro: words('来访前请先登记，到访时出示证件。', 'Register before your visit, and bring your identity document.'),
  steps: [
    { key: 'visitor', title: words('访客信息', 'About you'), fields: [nameField, documentField, phoneField] },
    {
      key: 'visit',
      title: words('来访安排', 'Your visit'),
      fields: [
        { key: 'host', kind: 'text', label: words('拜访谁', 'Whom you visit'), required: true, max: 50 },
        {
          key: 'visitDate',
          kind: 'date',
          label: words('来访日期', 'Day of the visit'),
          required: true,
          min: 'today',
          max: 'today+30d',
          filterable: true,
        },
        {
          key: 'purpose',
          kind: 'radio',
          label: words('来访目的', 'Purpose'),
          required: true,
          options: [
            choice('meeting', '会议', 'Meeting'),
            choice('delivery', '送货', 'Delivery'),
            choice('maintenance', '维修', 'Maintenance'),
            choice('other', '其他', 'Something else'),
          ],
          filterable: true,
        },
        {
          key: 'purposeNote',
          kind: 'text',
          label: words('请说明来访目的', 'What it is'),
          max: 100,
          visibleWhen: { field: 'purpose', op: 'eq', value: 'other' },
          requiredWhen: { field: 'purpose', op: 'eq', value: 'other' },
        },
        { key: 'byCar', kind: 'radio', label: words('是否开车来', 'Do you come by car?'), options: YES_NO },
        {
          key: 'plate',
          kind: 'text',
          label: words('车牌号', 'Number plate'),
          required: true,
          pattern: '\\p{Script=Han}[A-Z][A-Z0-9]{5,6}',
          patternHint: words('车牌号形如 粤B12345', 'A plate looks like 粤B12345'),
          visibleWhen: { field: 'byCar', op: 'eq', value: 'yes' },
        },
      ],
    },
    confirmStep('我确认以上信息属实，并遵守来访规定。', 'This is true, and I will follow the rules for visitors.'),
  ],
  dedupe: ['document', 'visitDate'],
};

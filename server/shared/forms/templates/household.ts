import type { FormContent } from '../../fields/types.ts';
import { choice, confirmStep, documentField, nameField, phoneField, words } from './parts.ts';

/** A household with everybody in it, and what it earns. */
export const household: FormContent = {
  title: words('家庭情况申报', 'Household declaration'),
  intro: words('由户主填写，每户只填一份。', 'For the head of the household; one for each household.'),
  steps: [
    { key: 'head', title: words('户主', 'Head of the household'), fields: [nameField, documentField, phoneField] },
    {
      key: 'home',
      title: words('住房', 'Your home'),
      fields: [
        { key: 'address', kind: 'address', label: words('现住址', 'Address'), required: true, maps: 'person.address' },
        {
          key: 'tenure',
          kind: 'select',
          label: words('住房性质', 'Tenure'),
          required: true,
          options: [
            choice('owned', '自有', 'Owned'),
            choice('rented', '租住', 'Rented'),
            choice('public', '公租房', 'Public housing'),
          ],
          filterable: true,
        },
        {
          key: 'rent',
          kind: 'integer',
          label: words('每月租金', 'Monthly rent'),
          required: true,
          min: 0,
          max: 100000,
          unit: words('元', 'yuan'),
          visibleWhen: { field: 'tenure', op: 'ne', value: 'owned' },
        },
      ],
    },
    {
      key: 'family',
      title: words('家庭成员', 'Members'),
      fields: [
        {
          key: 'members',
          kind: 'group',
          label: words('家庭成员（不含户主）', 'Members besides the head'),
          max: 15,
          fields: [
            { key: 'memberName', kind: 'text', label: words('姓名', 'Name'), required: true, max: 50 },
            {
              key: 'memberRelation',
              kind: 'select',
              label: words('与户主的关系', 'Relation'),
              required: true,
              options: [
                choice('spouse', '配偶', 'Spouse'),
                choice('child', '子女', 'Child'),
                choice('parent', '父母', 'Parent'),
                choice('other', '其他', 'Other'),
              ],
            },
            {
              key: 'memberBirthDate',
              kind: 'date',
              label: words('出生日期', 'Date of birth'),
              required: true,
              min: 'today-120y',
              max: 'today',
            },
            {
              key: 'memberIncome',
              kind: 'integer',
              label: words('每月收入', 'Monthly income'),
              min: 0,
              max: 1000000,
              unit: words('元', 'yuan'),
            },
          ],
        },
        {
          key: 'income',
          kind: 'computed',
          label: words('成员收入合计', 'Income of the members'),
          unit: words('元', 'yuan'),
          compute: { fn: 'sum', args: [{ field: 'members.memberIncome' }] },
        },
      ],
    },
    confirmStep('我确认以上情况属实，没有隐瞒。', 'This is true and complete.'),
  ],
  dedupe: ['document'],
};

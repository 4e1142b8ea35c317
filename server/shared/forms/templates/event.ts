import type { FormContent } from '../../fields/types.ts';
import { choice, confirmStep, nameField, phoneField, words, YES_NO } from './parts.ts';

/** People who want to come to an event. */
export const event: FormContent = {
  title: words('活动报名', 'Event sign-up'),
  intro: words('名额有限，报名成功后请准时参加。', 'Places are few; come on time once you have one.'),
  steps: [
    {
      key: 'person',
      title: words('报名人', 'About you'),
      fields: [
        nameField,
        phoneField,
        {
          key: 'ageGroup',
          kind: 'radio',
          label: words('年龄段', 'Age'),
          required: true,
          options: [
            choice('child', '12 岁以下', 'Under 12'),
            choice('teen', '12 至 17 岁', '12 to 17'),
            choice('adult', '18 岁及以上', '18 or older'),
          ],
          filterable: true,
        },
      ],
    },
    {
      key: 'event',
      title: words('参加活动', 'Taking part'),
      fields: [
        {
          key: 'session',
          kind: 'radio',
          label: words('参加哪一场', 'Which session'),
          required: true,
          options: [
            choice('morning', '上午场', 'Morning'),
            choice('afternoon', '下午场', 'Afternoon'),
            {
              ...choice('evening', '夜间场（18 岁及以上）', 'Evening (18 or older)'),
              allowedWhen: { field: 'ageGroup', op: 'eq', value: 'adult' },
            },
          ],
          filterable: true,
        },
        {
          key: 'companions',
          kind: 'integer',
          label: words('同行人数（不含本人）', 'How many come with you'),
          min: 0,
          max: 5,
        },
        {
          key: 'guardianPhone',
          kind: 'phone',
          label: words('监护人手机号', 'Mobile number of a guardian'),
          required: true,
          visibleWhen: { field: 'ageGroup', op: 'ne', value: 'adult' },
        },
        { key: 'needs', kind: 'radio', label: words('是否需要无障碍协助', 'Do you need assistance?'), options: YES_NO },
        {
          key: 'needsNote',
          kind: 'textarea',
          label: words('需要什么协助', 'What you need'),
          required: true,
          max: 200,
          visibleWhen: { field: 'needs', op: 'eq', value: 'yes' },
        },
      ],
    },
    confirmStep('我会遵守活动规定。', 'I will follow the rules of the event.'),
  ],
  checks: [
    {
      key: 'childAccompanied',
      assert: {
        any: [
          { field: 'ageGroup', op: 'ne', value: 'child' },
          { field: 'companions', op: 'gte', value: 1 },
        ],
      },
      message: words(
        '12 岁以下须有人陪同，请填写同行人数',
        'Those under 12 must not come alone: say who comes with you',
      ),
      fields: ['companions'],
    },
  ],
  dedupe: ['phone', 'session'],
};

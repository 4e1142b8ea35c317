import type { FormContent } from '../../fields/types.ts';
import { choice, confirmStep, documentField, nameField, phoneField, words, YES_NO } from './parts.ts';

/** What has to be known, and agreed to, before a vaccination. */
export const vaccination: FormContent = {
  title: words('疫苗接种知情同意', 'Consent to vaccination'),
  intro: words(
    '请如实填写健康状况，由接种人员核对后接种。',
    'Say truly how you are; staff look at it before the vaccination.',
  ),
  steps: [
    {
      key: 'person',
      title: words('接种人', 'Who is vaccinated'),
      fields: [
        nameField,
        documentField,
        {
          key: 'birthDate',
          kind: 'date',
          label: words('出生日期', 'Date of birth'),
          required: true,
          min: 'today-120y',
          max: 'today',
          maps: 'person.birthDate',
        },
        phoneField,
      ],
    },
    {
      key: 'guardian',
      title: words('监护人', 'Guardian'),
      help: words('接种人未满 18 周岁时填写。', 'For those who are younger than 18.'),
      fields: [
        {
          key: 'guardianName',
          kind: 'text',
          label: words('监护人姓名', 'Name of the guardian'),
          required: true,
          max: 50,
          visibleWhen: { left: { fn: 'age', args: [{ field: 'birthDate' }] }, op: 'lt', right: { value: 18 } },
        },
        {
          key: 'relation',
          kind: 'radio',
          label: words('与接种人的关系', 'Relation'),
          required: true,
          options: [
            choice('parent', '父母', 'Parent'),
            choice('grandparent', '祖父母或外祖父母', 'Grandparent'),
            choice('other', '其他', 'Other'),
          ],
          visibleWhen: { left: { fn: 'age', args: [{ field: 'birthDate' }] }, op: 'lt', right: { value: 18 } },
        },
      ],
    },
    {
      key: 'health',
      title: words('健康状况', 'Health'),
      fields: [
        {
          key: 'fever',
          kind: 'radio',
          label: words('今天是否发热', 'Any fever today?'),
          required: true,
          options: YES_NO,
          filterable: true,
        },
        {
          key: 'temperature',
          kind: 'decimal',
          label: words('体温', 'Temperature'),
          required: true,
          min: 35,
          max: 43,
          scale: 1,
          unit: words('℃', '℃'),
          visibleWhen: { field: 'fever', op: 'eq', value: 'yes' },
        },
        {
          key: 'conditions',
          kind: 'checkbox',
          label: words('有以下情况的请勾选', 'What applies to you'),
          sensitive: true,
          options: [
            choice('allergy', '对疫苗或药物过敏', 'Allergic to a vaccine or medicine'),
            choice('chronic', '慢性病发作期', 'A chronic illness that is acute now'),
            choice('pregnant', '怀孕', 'Pregnant'),
          ],
        },
        {
          key: 'conditionsNote',
          kind: 'textarea',
          label: words('请详细说明', 'Please say more'),
          required: true,
          max: 500,
          sensitive: true,
          visibleWhen: { field: 'conditions', op: 'filled' },
        },
      ],
    },
    confirmStep('我已阅读接种须知，自愿接种。', 'I have read what to know, and agree to be vaccinated.'),
  ],
  dedupe: ['document'],
};

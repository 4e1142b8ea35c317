import type { Condition, Step } from '../fields/types.ts';

const vaccinated: Condition = { field: 'vaccineDoses', op: 'gt', value: 0 };

/** What the person is protected by. */
export const vaccinationStep: Step = {
  key: 'vaccination',
  title: { 'zh-CN': '疫苗接种', en: 'Vaccination' },
  fields: [
    {
      key: 'vaccineDoses',
      kind: 'integer',
      label: { 'zh-CN': '已接种的剂次', en: 'Doses that you have had' },
      hint: { 'zh-CN': '没有接种请填 0', en: 'Enter 0 if none' },
      required: true,
      min: 0,
      max: 10,
      unit: { 'zh-CN': '剂', en: 'doses' },
    },
    {
      key: 'vaccineMaker',
      kind: 'select',
      label: { 'zh-CN': '最近一剂的生产企业', en: 'Maker of the last dose' },
      required: true,
      options: [
        { code: 'sinopharm', label: { 'zh-CN': '国药集团', en: 'Sinopharm' } },
        { code: 'sinovac', label: { 'zh-CN': '科兴中维', en: 'Sinovac' } },
        { code: 'cansino', label: { 'zh-CN': '康希诺', en: 'CanSino' } },
        { code: 'zhifei', label: { 'zh-CN': '智飞龙科马', en: 'Zhifei Longcom' } },
        { code: 'pfizer', label: { 'zh-CN': '辉瑞／复星', en: 'Pfizer-BioNTech / Fosun' } },
        { code: 'moderna', label: { 'zh-CN': '莫德纳', en: 'Moderna' } },
        { code: 'other', label: { 'zh-CN': '其他', en: 'Other' } },
      ],
      visibleWhen: vaccinated,
    },
    {
      key: 'lastDoseDate',
      kind: 'date',
      label: { 'zh-CN': '最近一剂的接种日期', en: 'Date of the last dose' },
      required: true,
      min: '2020-07-01',
      max: 'today',
      visibleWhen: vaccinated,
    },
  ],
};

/** Whom to call, and the signature. */
export const finishStep: Step = {
  key: 'finish',
  title: { 'zh-CN': '紧急联系人与确认', en: 'Emergency contact and confirmation' },
  fields: [
    {
      key: 'emergencyName',
      kind: 'text',
      label: { 'zh-CN': '紧急联系人姓名', en: 'Emergency contact: name' },
      required: true,
      max: 50,
      sensitive: true,
    },
    {
      key: 'emergencyPhone',
      kind: 'phone',
      label: { 'zh-CN': '紧急联系人手机号', en: 'Emergency contact: mobile number' },
      required: true,
    },
    {
      key: 'remark',
      kind: 'textarea',
      label: { 'zh-CN': '备注', en: 'Remarks' },
      hint: { 'zh-CN': '其他需要说明的情况', en: 'Anything else that we should know' },
      max: 500,
    },
    {
      key: 'truthful',
      kind: 'consent',
      label: {
        'zh-CN': '本人承诺以上内容真实、准确，并同意将其用于公共卫生登记',
        en: 'I declare that all of this is true and agree to its use for public health',
      },
      required: true,
    },
  ],
};

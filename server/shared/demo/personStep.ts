import type { Step } from '../fields/types.ts';

/** Who is declaring. */
export const personStep: Step = {
  key: 'person',
  title: { 'zh-CN': '个人信息', en: 'About you' },
  help: { 'zh-CN': '请填写申报人本人的信息。', en: 'Please give the details of the person who declares.' },
  fields: [
    {
      key: 'privacyNote',
      kind: 'static',
      label: {
        'zh-CN': '您的信息只用于公共卫生登记，加密保存，只有获得授权的工作人员可以查看。',
        en: 'Your details are used for public health only. They are stored encrypted and seen by authorised staff only.',
      },
    },
    {
      key: 'name',
      kind: 'text',
      label: { 'zh-CN': '姓名', en: 'Full name' },
      hint: { 'zh-CN': '与证件上的姓名一致', en: 'As on your identity document' },
      required: true,
      min: 2,
      max: 50,
      pattern: "[\\p{L}\\p{M}·.' -]+",
      patternHint: {
        'zh-CN': '姓名只能含文字、空格和间隔号“·”，请核对',
        en: 'A name has only letters, spaces, hyphens, apostrophes and dots. Please check it',
      },
      maps: 'person.name',
    },
    {
      key: 'document',
      kind: 'document',
      label: { 'zh-CN': '证件', en: 'Identity document' },
      required: true,
      maps: 'person.document',
    },
    {
      key: 'gender',
      kind: 'radio',
      label: { 'zh-CN': '性别', en: 'Gender' },
      required: true,
      options: [
        { code: 'male', label: { 'zh-CN': '男', en: 'Male' } },
        { code: 'female', label: { 'zh-CN': '女', en: 'Female' } },
      ],
      maps: 'person.gender',
      filterable: true,
    },
    {
      key: 'birthDate',
      kind: 'date',
      label: { 'zh-CN': '出生日期', en: 'Date of birth' },
      required: true,
      min: 'today-120y',
      max: 'today',
      sensitive: true,
      maps: 'person.birthDate',
    },
    {
      key: 'phone',
      kind: 'phone',
      label: { 'zh-CN': '手机号', en: 'Mobile number' },
      hint: {
        'zh-CN': '中国内地手机号，必要时工作人员会联系您',
        en: 'A mainland China number. We may call you if we have to',
      },
      required: true,
      maps: 'person.phone',
    },
    {
      key: 'region',
      kind: 'region',
      label: { 'zh-CN': '常住地区', en: 'Region where you live' },
      required: true,
      maps: 'person.region',
      filterable: true,
    },
    {
      key: 'stay',
      kind: 'address',
      label: { 'zh-CN': '现居住地址', en: 'Address where you stay now' },
      hint: { 'zh-CN': '街道、小区、楼栋和门牌号', en: 'Street, building and number' },
      required: true,
      maps: 'person.address',
    },
  ],
};

import type { Condition, Step } from '../fields/types.ts';
import { YES_NO } from './options.ts';

const travelled: Condition = { field: 'travelled', op: 'eq', value: 'yes' };

/** Where the person has been, and whom they have met. */
export const contactStep: Step = {
  key: 'contact',
  title: { 'zh-CN': '近 14 天行程与接触', en: 'Travel and contact in the last 14 days' },
  fields: [
    {
      key: 'travelled',
      kind: 'radio',
      label: {
        'zh-CN': '近 14 天是否离开过常住地区？',
        en: 'Have you left the region where you live in the last 14 days?',
      },
      required: true,
      options: YES_NO,
      filterable: true,
    },
    {
      key: 'travelPlaces',
      kind: 'checkbox',
      label: { 'zh-CN': '去过哪里？', en: 'Where have you been?' },
      hint: { 'zh-CN': '可以多选', en: 'Choose all that apply' },
      required: true,
      options: [
        { code: 'mainland', label: { 'zh-CN': '国内其他地区', en: 'Elsewhere in mainland China' } },
        { code: 'hkMacauTaiwan', label: { 'zh-CN': '港澳台地区', en: 'Hong Kong, Macau or Taiwan' } },
        { code: 'abroad', label: { 'zh-CN': '国外', en: 'Abroad' } },
      ],
      visibleWhen: travelled,
    },
    {
      key: 'travelRegion',
      kind: 'region',
      label: { 'zh-CN': '国内到访的城市', en: 'City visited in mainland China' },
      hint: {
        'zh-CN': '去过多个城市时，选择停留最久的一个',
        en: 'If there were several, the one where you stayed longest',
      },
      required: true,
      level: 'city',
      visibleWhen: { field: 'travelPlaces', op: 'contains', value: 'mainland' },
    },
    {
      key: 'travelCountry',
      kind: 'text',
      label: { 'zh-CN': '到访的国家或地区', en: 'Country or area visited' },
      required: true,
      max: 100,
      visibleWhen: {
        any: [
          { field: 'travelPlaces', op: 'contains', value: 'abroad' },
          { field: 'travelPlaces', op: 'contains', value: 'hkMacauTaiwan' },
        ],
      },
    },
    {
      key: 'returnDate',
      kind: 'date',
      label: { 'zh-CN': '返回日期', en: 'Date of return' },
      required: true,
      min: 'today-14d',
      max: 'today',
      visibleWhen: travelled,
    },
    {
      key: 'contact',
      kind: 'radio',
      label: {
        'zh-CN': '近 14 天是否接触过传染病患者或从国外返回的人员？',
        en: 'Have you been in contact with an infected person or with somebody back from abroad in the last 14 days?',
      },
      required: true,
      options: YES_NO,
      filterable: true,
    },
    {
      key: 'contactDetail',
      kind: 'textarea',
      label: { 'zh-CN': '请说明接触的时间、地点和情形', en: 'Please say when, where and how' },
      required: true,
      max: 500,
      sensitive: true,
      visibleWhen: { field: 'contact', op: 'eq', value: 'yes' },
    },
  ],
};

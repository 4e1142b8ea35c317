import type { Condition, Step } from '../fields/types.ts';
import { YES_NO } from './options.ts';

const unwell: Condition = { field: 'symptoms', op: 'filled' };

/** How the person is. */
export const healthStep: Step = {
  key: 'health',
  title: { 'zh-CN': '健康状况', en: 'Your health' },
  fields: [
    {
      key: 'symptoms',
      kind: 'checkbox',
      label: { 'zh-CN': '目前有以下症状吗？', en: 'Do you have any of these symptoms?' },
      hint: { 'zh-CN': '可以多选；没有症状则不选', en: 'Choose all that apply; none if you have none' },
      options: [
        { code: 'fever', label: { 'zh-CN': '发热', en: 'Fever' } },
        { code: 'cough', label: { 'zh-CN': '咳嗽', en: 'Cough' } },
        { code: 'soreThroat', label: { 'zh-CN': '咽痛', en: 'Sore throat' } },
        { code: 'fatigue', label: { 'zh-CN': '乏力', en: 'Fatigue' } },
        { code: 'breathing', label: { 'zh-CN': '呼吸困难', en: 'Difficulty breathing' } },
        { code: 'diarrhoea', label: { 'zh-CN': '腹泻', en: 'Diarrhoea' } },
      ],
      filterable: true,
    },
    {
      key: 'onsetDate',
      kind: 'date',
      label: { 'zh-CN': '症状开始的日期', en: 'When did it begin?' },
      required: true,
      min: 'today-2m',
      max: 'today',
      visibleWhen: unwell,
    },
    {
      key: 'temperature',
      kind: 'decimal',
      label: { 'zh-CN': '今天的体温', en: 'Your temperature today' },
      required: true,
      min: 34,
      max: 43,
      scale: 1,
      unit: { 'zh-CN': '℃', en: '°C' },
      visibleWhen: unwell,
    },
    {
      key: 'chronic',
      kind: 'radio',
      label: { 'zh-CN': '是否患有慢性疾病？', en: 'Do you have a chronic disease?' },
      required: true,
      options: YES_NO,
    },
    {
      key: 'chronicDetail',
      kind: 'text',
      label: { 'zh-CN': '疾病名称', en: 'Which?' },
      required: true,
      max: 100,
      sensitive: true,
      visibleWhen: { field: 'chronic', op: 'eq', value: 'yes' },
    },
  ],
};

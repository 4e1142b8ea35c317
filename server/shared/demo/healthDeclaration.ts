import type { FormContent } from '../fields/types.ts';
import { contactStep } from './contactStep.ts';
import { healthStep } from './healthStep.ts';
import { personStep } from './personStep.ts';
import { finishStep, vaccinationStep } from './vaccinationStep.ts';

/** A realistic first form: what a city asks of arrivals. Every field kind is in it. */
export const healthDeclaration: FormContent = {
  title: { 'zh-CN': '健康申报登记', en: 'Health declaration' },
  intro: {
    'zh-CN': '填写大约需要 3 分钟。请准备好本人的身份证件。\n内容会自动保存，可以随时离开，稍后在任何手机上继续。',
    en: 'This takes about 3 minutes. Please have your identity document at hand.\nYour answers are saved as you go: you can leave and go on later on any phone.',
  },
  steps: [personStep, contactStep, healthStep, vaccinationStep, finishStep],
  dedupe: ['document'],
};

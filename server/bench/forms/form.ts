/**
 * A form of 200 fields as rules make them: twenty blocks of ten, in each of which what is shown, required, allowed, computed
 * and checked depends on other answers; and answers to it, a few of them wrong. Everything is the same in every run.
 */
import { parseCondition, parseExpression } from '../../shared/fields/expressions/index.ts';
import type { Condition, Expression, Field, FormContent } from '../../shared/fields/index.ts';

export const BLOCKS = 20;
export const TODAY = '2026-11-22';

const when = (text: string): Condition => parseCondition(text).value!;
const worth = (text: string): Expression => parseExpression(text).value!;
const options = (codes: readonly string[]) => codes.map((code) => ({ code, label: { 'zh-CN': code } }));
export const CHOICES = ['o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'o8', 'o9', 'o10'] as const;

function block(b: number): Field[] {
  const field = (name: string, kind: Field['kind'], rest: Partial<Field>): Field => ({
    key: name + b,
    kind,
    label: { 'zh-CN': name + b },
    ...rest,
  });
  return [
    field('n', 'integer', { required: true, min: 0, max: 120 }),
    field('d', 'date', { max: 'today' }),
    field('t', 'text', { required: true, max: 40 }),
    field('r', 'radio', {
      options: options(['yes', 'no', 'maybe']).map((option) =>
        option.code === 'maybe' ? { ...option, allowedWhen: when(`n${b} >= 18`) } : option,
      ),
    }),
    field('c', 'checkbox', { options: options(CHOICES.slice(0, 4)), visibleWhen: when(`r${b} in ("yes", "maybe")`) }),
    field('s', 'select', { options: options(CHOICES), requiredWhen: when(`c${b} contains "o1"`) }),
    field('p', 'phone', { requiredWhen: when(`n${b} >= 18 and r${b} != "no"`) }),
    field('m', 'decimal', { scale: 1, min: 30, max: 45, visibleWhen: when(`r${b} == "yes" and n${b} > 10`) }),
    field('k', 'integer', {
      compute: worth(`if(filled(d${b}), days(d${b}, today), n${b} * 2)`),
      readOnlyWhen: when(`n${b} >= 0`),
    }),
    field('x', 'textarea', { max: 200, visibleWhen: when(`age(d${b}) >= 60 or k${b} - n${b} > 30000`) }),
  ];
}

export const formOf200: FormContent = {
  title: { 'zh-CN': '二百项' },
  steps: Array.from({ length: BLOCKS }, (_, b) => ({
    key: `step${b}`,
    title: { 'zh-CN': `第 ${b + 1} 页` },
    fields: block(b),
  })),
  checks: Array.from({ length: BLOCKS }, (_, b) => ({
    key: `check${b}`,
    assert: when(`m${b} <= 42 or filled(p${b})`),
    message: { 'zh-CN': '高烧请留手机号', en: 'Leave a phone' },
    fields: [`m${b}`],
  })),
};

/** A number from 0 to 1 for every place. */
function mix(a: number, b: number): number {
  let x = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return ((x ^ (x >>> 12)) >>> 0) / 2 ** 32;
}

/** Answers as a page or a client sends them: numbers as they are typed, some things left out, about one in fifty wrong. */
export function answersOf(i: number): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (let b = 0; b < BLOCKS; b += 1) {
    const dice = (name: number) => mix(i, b * 10 + name);
    const wrong = dice(0) < 0.02;
    answers[`n${b}`] = wrong ? 'many' : dice(1) < 0.5 ? String(Math.floor(dice(2) * 121)) : Math.floor(dice(2) * 121);
    if (dice(3) < 0.8)
      answers[`d${b}`] =
        dice(3) < 0.01
          ? '2026-02-30'
          : `19${50 + Math.floor(dice(4) * 50)}-0${1 + Math.floor(dice(5) * 9)}-1${Math.floor(dice(6) * 10)}`;
    answers[`t${b}`] = dice(7) < 0.01 ? '字'.repeat(41) : ` 张三${Math.floor(dice(8) * 1000)} `;
    answers[`r${b}`] = ['yes', 'no', 'maybe'][Math.floor(dice(9) * 3)];
    answers[`c${b}`] = CHOICES.slice(0, 4).filter((_, at) => mix(i, b * 10 + at + 300) < 0.4);
    if (mix(i, b + 500) < 0.6) answers[`s${b}`] = CHOICES[Math.floor(mix(i, b + 600) * 10)];
    if (mix(i, b + 700) < 0.8) answers[`p${b}`] = mix(i, b + 800) < 0.02 ? '1380013' : '138 0013 8000';
    answers[`m${b}`] = String(35 + Math.floor(mix(i, b + 900) * 100) / 10);
    answers[`x${b}`] = '需要轮椅\n家属陪同';
  }
  return answers;
}

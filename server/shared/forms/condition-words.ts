import { isRecord, textOf } from '../fields/kinds/kind.ts';
import type { Condition, Expression, Field, FormContent, Locale } from '../fields/types.ts';

/** Rules as people say them, in both languages: for the designer's outline, for lists of changes. */

type Pair = readonly [zh: string, en: string];

const OPERATORS: Record<string, Pair> = {
  eq: ['是', 'is'],
  ne: ['不是', 'is not'],
  gt: ['大于', 'is more than'],
  gte: ['不小于', 'is at least'],
  lt: ['小于', 'is less than'],
  lte: ['不大于', 'is at most'],
  contains: ['包含', 'includes'],
  in: ['是其中之一：', 'is one of'],
  notIn: ['都不是：', 'is none of'],
  filled: ['已填写', 'is filled in'],
  empty: ['未填写', 'is empty'],
};
/** The same comparisons between days. */
const DAYS: Record<string, Pair> = {
  gt: ['晚于', 'is after'],
  gte: ['不早于', 'is not before'],
  lt: ['早于', 'is before'],
  lte: ['不晚于', 'is not after'],
};
const SIGNS: Record<string, string> = { add: '+', sub: '−', mul: '×', div: '÷' };
const FUNCTIONS: Record<string, Pair> = {
  round: ['四舍五入', 'rounded'],
  min: ['最小值', 'lowest of'],
  max: ['最大值', 'highest of'],
  sum: ['合计', 'sum of'],
  count: ['个数', 'number of'],
  concat: ['连起来', 'joined'],
  length: ['字数', 'length of'],
  age: ['周岁', 'age by'],
  days: ['相差天数', 'days between'],
  addDays: ['推后天数', 'days after'],
  orElse: ['为空时取后者', 'or else'],
};

/** The fields that a rule may name, by key; a group's fields also as `group.key`, and by their own key where `group` is the one around. */
export function fieldsByName(content: FormContent, group: Field | null = null): Map<string, Field> {
  const found = new Map<string, Field>();
  for (const step of content.steps)
    for (const field of step.fields) {
      found.set(field.key, field);
      for (const inner of field.fields ?? []) found.set(`${field.key}.${inner.key}`, inner);
    }
  for (const inner of group?.fields ?? []) found.set(inner.key, inner);
  return found;
}

export interface WordsContext {
  fields: ReadonlyMap<string, Field>;
  locale: Locale;
}

const DATED = new Set<string>(['date', 'datetime', 'time']);

/** A word of a comparison, `大于`; between days as one says it of days. */
export function operatorWords(op: string, field: Field | undefined, locale: Locale): string {
  const pair = (field && DATED.has(field.kind) && DAYS[op]) || OPERATORS[op];
  return pair ? pair[locale === 'en' ? 1 : 0] : op;
}

const quoted = (text: string): string => `“${text}”`;

/** What people call a field: its label without the sign at its end; its key where it has none. */
export function fieldWords(name: string, { fields, locale }: WordsContext): string {
  const field = fields.get(name);
  const label = isRecord(field?.label) ? textOf(field.label, locale) : '';
  return quoted(label.replace(/[？?：:。.]\s*$/u, '') || name);
}

/** A value as the field's reader knows it: an option by its label. */
function valueWords(value: unknown, field: Field | undefined, { locale }: WordsContext): string {
  if (Array.isArray(value))
    return value
      .map((each) => valueWords(each, field, { fields: new Map(), locale }))
      .join(locale === 'en' ? ', ' : '、');
  if (typeof value === 'boolean') return value ? (locale === 'en' ? 'yes' : '是') : locale === 'en' ? 'no' : '否';
  const option = Array.isArray(field?.options) ? field.options.find((one) => one?.code === value) : undefined;
  if (isRecord(option?.label)) return quoted(textOf(option.label, locale) || String(value));
  return typeof value === 'number' ? String(value) : quoted(String(value));
}

/** An expression in words: `周岁（“出生日期”）`. Never throws: of what is none it says `…`. */
export function sayExpression(expression: Expression, context: WordsContext): string {
  try {
    return expressionWords(expression, context);
  } catch {
    return '…';
  }
}

/** A condition in words: `“是否发热”是“是”，并且“体温”大于 37.3`. Unfinished ones as far as they go. Never throws. */
export function sayCondition(condition: Condition, context: WordsContext): string {
  try {
    return conditionWords(condition, context);
  } catch {
    return '…';
  }
}

function expressionWords(expression: Expression, context: WordsContext): string {
  const { locale } = context;
  if (!isRecord(expression)) return String(expression);
  if ('today' in expression) return locale === 'en' ? 'today' : '今天';
  if ('field' in expression) return fieldWords(String(expression.field), context);
  if ('if' in expression) {
    const [test, then, other] = [
      conditionWords(expression.if, context),
      expressionWords(expression.then, context),
      expressionWords(expression.else, context),
    ];
    return locale === 'en' ? `if ${test} then ${then}, else ${other}` : `如果${test}则为${then}，否则为${other}`;
  }
  if (!('fn' in expression)) return valueWords((expression as { value?: unknown }).value, undefined, context);
  const args = Array.isArray(expression.args) ? expression.args.map((each) => expressionWords(each, context)) : [];
  const sign = SIGNS[expression.fn];
  if (sign) return args.length > 1 ? `(${args.join(` ${sign} `)})` : args.join('');
  const name = FUNCTIONS[expression.fn]?.[locale === 'en' ? 1 : 0] ?? expression.fn;
  return locale === 'en' ? `${name} (${args.join(', ')})` : `${name}（${args.join('、')}）`;
}

function conditionWords(condition: Condition, context: WordsContext, inner = false): string {
  const { locale, fields } = context;
  const english = locale === 'en';
  if (!isRecord(condition)) return '…';
  for (const [group, zh, en] of [
    ['all', '，并且', ' and '],
    ['any', '，或者', ' or '],
  ] as const) {
    const members = (condition as Record<string, unknown>)[group];
    if (!Array.isArray(members)) continue;
    const said = (members as Condition[])
      .map((each) => conditionWords(each, context, members.length > 1))
      .join(english ? en : zh);
    return inner && members.length > 1 ? (english ? `(${said})` : `（${said}）`) : said;
  }
  if ('not' in condition) {
    const said = conditionWords(condition.not, context);
    return english ? `not (${said})` : `并非（${said}）`;
  }
  if ('left' in condition) {
    const [left, right] = [expressionWords(condition.left, context), expressionWords(condition.right, context)];
    return english
      ? `${left} ${OPERATORS[condition.op]?.[1] ?? condition.op} ${right}`
      : `${left}${OPERATORS[condition.op]?.[0] ?? condition.op}${spaced(right)}`;
  }
  if (!('field' in condition)) return '…';
  const { field: name, op } = condition;
  const field = fields.get(name);
  const subject = fieldWords(String(name), context);
  const verb = operatorWords(op, field, locale);
  if (op === 'filled' || op === 'empty') return english ? `${subject} ${verb}` : subject + verb;
  const value = valueWords((condition as { value?: unknown }).value, field, context);
  return english ? `${subject} ${verb} ${value}` : subject + verb + spaced(value);
}

/** Digits stand apart from Chinese words. */
const spaced = (text: string): string => (/^[\d.-]/.test(text) ? ` ${text}` : text);

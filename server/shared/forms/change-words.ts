import { isRecord, textOf } from '../fields/kinds/kind.ts';
import type { Condition, Field, FormContent, Locale } from '../fields/types.ts';
import type { ChangeClass, ChangeReason, FormChange } from './changes.ts';
import { fieldsByName, fieldWords, sayCondition, sayExpression, type WordsContext } from './condition-words.ts';

/** Changes of a form as people say them, in both languages. */

type Pair = readonly [zh: string, en: string];
const pick = (pair: Pair, locale: Locale): string => pair[locale === 'en' ? 1 : 0];

const CLASSES: Record<ChangeClass, Pair> = {
  safe: ['安全', 'Safe'],
  lossy: ['可能丢失答案', 'May lose answers'],
  breaking: ['不兼容', 'Breaking'],
};
export const sayClass = (name: ChangeClass, locale: Locale): string => pick(CLASSES[name], locale);

const REASONS: Record<ChangeReason, Pair> = {
  text: ['只改文字，答案不受影响', 'Words only; answers stay as they are'],
  order: ['只改顺序，答案不受影响', 'Order only; answers stay as they are'],
  optional_added: ['新增选填项，已有答案仍完整', 'Optional; what was filled in stays complete'],
  option_added: ['新增选项，已有答案仍有效', 'What was chosen stays valid'],
  widened: ['放宽了范围，已有答案仍有效', 'A wider range; answers stay valid'],
  relaxed: ['放宽了要求，已有答案仍有效', 'Asks for less; answers stay valid'],
  setting: ['只影响存储、筛选或必填条件，答案不变', 'A setting; answers stay as they are'],
  mapped: ['已有对应规则，答案会随之转换', 'A mapping carries the answers over'],
  field_removed: ['不再询问，已填的答案不会带到新版本', 'No longer asked; its answers don’t come along'],
  option_removed: ['选了该项的需要重新选择', 'Who chose it has to choose again'],
  option_restricted: ['部分人不能再选该项', 'Some may no longer choose it'],
  narrowed: ['范围变窄，超出的答案需要重新填写', 'A narrower range; answers outside of it have to be given again'],
  visibility: ['显示条件改变，隐藏后的答案会被去掉', 'Shown to others than before; hidden answers are dropped'],
  computed: ['由系统计算，已填的值可能被替换', 'Worked out by the system; what was filled in may be replaced'],
  converted: ['答案会转换类型，转换不了的需要重新填写', 'Answers are converted; what can’t be has to be given again'],
  required_added: ['变为必填，没填的需要补填', 'Required now; who left it out has to fill it in'],
  check_added: ['新的核对规则可能使已填的内容不合格', 'What was filled in may fail the new check'],
  kind_changed: ['类型不同，答案不能沿用', 'Another kind; answers can’t be kept'],
  unit_changed: ['单位不同，数值的含义改变', 'Another unit; numbers mean something else'],
  consent_changed: ['同意的内容变了，需要重新征得同意', 'What was agreed to has changed; it has to be agreed to again'],
  key_renamed: ['换了名称，需要对应规则才能带上答案', 'Another key; answers come along by a mapping only'],
  group_split: ['分组改变，需要对应规则才能带上答案', 'Other groups; answers come along by a mapping only'],
  dedupe_changed: [
    '查重规则改变，旧记录要迁移后才按新规则查重',
    'Another rule for duplicates; it holds for old records once they are migrated',
  ],
};
export const sayReason = (name: ChangeReason, locale: Locale): string => pick(REASONS[name], locale);

const THINGS: Record<FormChange['of'], Pair> = {
  form: ['表单', 'Form'],
  step: ['步骤', 'Step'],
  field: ['字段', 'Field'],
  option: ['选项', 'Option'],
  check: ['核对规则', 'Check'],
};
const VERBS: Record<FormChange['change'], Pair> = {
  added: ['新增', 'added'],
  removed: ['删除', 'removed'],
  renamed: ['更换名称', 'renamed'],
  moved: ['移动位置', 'moved'],
  changed: ['修改', 'changed'],
};
const PROPERTIES: Record<string, Pair> = {
  title: ['标题', 'title'],
  intro: ['说明', 'introduction'],
  dedupe: ['查重规则', 'rule for duplicates'],
  help: ['帮助文字', 'help'],
  label: ['名称', 'label'],
  hint: ['提示', 'hint'],
  patternHint: ['格式提示', 'hint for the format'],
  kind: ['类型', 'kind'],
  unit: ['单位', 'unit'],
  required: ['必填', 'required'],
  requiredWhen: ['必填条件', 'required when'],
  visibleWhen: ['显示条件', 'visible when'],
  readOnlyWhen: ['只读条件', 'read-only when'],
  allowedWhen: ['可选条件', 'allowed when'],
  compute: ['计算公式', 'computation'],
  min: ['下限', 'lower limit'],
  max: ['上限', 'upper limit'],
  scale: ['小数位数', 'decimal places'],
  pattern: ['格式规则', 'format rule'],
  level: ['地区级别', 'level of regions'],
  documentTypes: ['证件类型', 'types of document'],
  sensitive: ['敏感信息', 'sensitive'],
  filterable: ['可筛选', 'filterable'],
  maps: ['对应人员信息', 'detail of the person'],
  assert: ['核对条件', 'condition'],
  message: ['提示文字', 'message'],
  fields: ['相关字段', 'fields'],
};
export const sayProperty = (name: string, locale: Locale): string =>
  PROPERTIES[name] ? pick(PROPERTIES[name], locale) : name;

const CONDITIONS = new Set(['visibleWhen', 'requiredWhen', 'readOnlyWhen', 'allowedWhen', 'assert']);
const LONGEST = 120;
const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** A property's value in words; empty for none. */
function sayValue(property: string, value: unknown, context: WordsContext): string {
  const { locale } = context;
  if (value === undefined || value === null) return pick(['无', 'none'], locale);
  if (CONDITIONS.has(property)) return sayCondition(value as Condition, context);
  if (property === 'compute') return sayExpression(value as never, context);
  if (typeof value === 'boolean') return pick(value ? ['是', 'yes'] : ['否', 'no'], locale);
  if (isRecord(value) && typeof value['zh-CN'] === 'string') return `“${textOf(value as never, locale)}”`;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value
      .map((name: string) => (property === 'dedupe' || property === 'fields' ? fieldWords(name, context) : name))
      .join(pick(['、', ', '], locale));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What people call a step, field, option or check, as far as either content knows it. */
function nameOf(change: FormChange, [before, after]: readonly [FormContent, FormContent], locale: Locale): string {
  const contexts = [after, before].map((content) => ({ fields: fieldsByName(content), locale }));
  const field = (name: string) => fieldWords(name, contexts.find(({ fields }) => fields.has(name)) ?? contexts[0]!);
  const label = (thing: { title?: unknown; label?: unknown } | undefined) => {
    const text = thing?.title ?? thing?.label;
    return isRecord(text) ? textOf(text as never, locale) : undefined;
  };
  switch (change.of) {
    case 'form':
      return '';
    case 'field':
      return field(change.key);
    case 'step': {
      const steps = [after, before].flatMap(({ steps: all }) => all.filter(({ key }) => key === change.key));
      return `“${label(steps[0]) ?? change.key}”`;
    }
    case 'option': {
      const owner = (content: FormContent): Field | undefined => fieldsByName(content).get(change.field!);
      const options = [after, before].flatMap((content) => owner(content)?.options ?? []);
      const said = label(options.find(({ code }) => code === change.key)) ?? change.key;
      return pick([`${field(change.field!)}的选项“${said}”`, `“${said}” of ${field(change.field!)}`], locale);
    }
    case 'check': {
      const checks = [after, before].flatMap(({ checks: all = [] }) => all.filter(({ key }) => key === change.key));
      const message = checks[0]?.message;
      return `“${message ? shortened(textOf(message, locale)) : change.key}”`;
    }
  }
}

/** One change in a sentence: `字段“体温”修改下限：35 → 36`. */
export function sayChange(change: FormChange, contents: readonly [FormContent, FormContent], locale: Locale): string {
  const name = nameOf(change, contents, locale);
  const english = locale === 'en';
  const thing = change.of === 'option' && !english ? '' : pick(THINGS[change.of], locale);
  const subject = english ? [thing, name].filter(Boolean).join(' ') : thing + name;
  const verb = pick(VERBS[change.change], locale);
  if (change.change === 'renamed') {
    const after = [change.after].flat().join(english ? ', ' : '、');
    return english ? `${subject} ${verb}: ${change.key} → ${after}` : `${subject}${verb}：${change.key} → ${after}`;
  }
  if (change.change !== 'changed') return english ? `${subject} ${verb}` : subject + verb;
  const [old, now] = contents.map((content, at) =>
    shortened(
      sayValue(change.property!, at === 0 ? change.before : change.after, { fields: fieldsByName(content), locale }),
    ),
  );
  const property = sayProperty(change.property!, locale);
  return english ? `${subject}: ${property} ${verb}: ${old} → ${now}` : `${subject}${verb}${property}：${old} → ${now}`;
}

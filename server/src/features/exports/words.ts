import {
  fieldsOf,
  formatValue,
  isSensitive,
  textOf,
  type Field,
  type FormContent,
  type Locale,
  type RegionLookup,
  type Text,
} from '../../../shared/fields/index.ts';
import { maskValue } from '../../../shared/fields/projections.ts';
import { PERSON_FIELDS } from '../people/index.ts';
import type { ExportFilter } from './exports.schema.ts';

/** One part of a filter as a person reads it. */
export interface Word {
  label: string;
  value: string;
}

const LABELS = {
  form: { 'zh-CN': '表单', en: 'Form' },
  version: { 'zh-CN': '版本', en: 'Version' },
  status: { 'zh-CN': '状态', en: 'Status' },
  source: { 'zh-CN': '来源', en: 'Source' },
  q: { 'zh-CN': '姓名或回执编号', en: 'Name or receipt number' },
  phone: { 'zh-CN': '手机号', en: 'Phone' },
  document: { 'zh-CN': '证件号码', en: 'Document number' },
  region: { 'zh-CN': '地区', en: 'Region' },
  person: { 'zh-CN': '人员', en: 'Person' },
  import: { 'zh-CN': '导入批次', en: 'Import' },
  claimed: { 'zh-CN': '待核实', en: 'To be verified' },
  from: { 'zh-CN': '提交日期不早于', en: 'Submitted on or after' },
  to: { 'zh-CN': '提交日期不晚于', en: 'Submitted on or before' },
  facet: { 'zh-CN': '答案', en: 'Answer' },
  queue: { 'zh-CN': '待审核', en: 'Waiting for a decision' },
  deleted: { 'zh-CN': '回收站', en: 'Recycle bin' },
} as const satisfies Record<keyof ExportFilter, Text>;

export const STATUS = {
  submitted: { 'zh-CN': '已提交', en: 'Submitted' },
  accepted: { 'zh-CN': '已通过', en: 'Accepted' },
  returned: { 'zh-CN': '已退回', en: 'Returned' },
  rejected: { 'zh-CN': '未通过', en: 'Rejected' },
  withdrawn: { 'zh-CN': '已撤回', en: 'Withdrawn' },
} as const satisfies Record<string, Text>;
export const SOURCE = {
  citizen: { 'zh-CN': '本人填报', en: 'Citizen' },
  staff: { 'zh-CN': '工作人员录入', en: 'Staff' },
  import: { 'zh-CN': '批量导入', en: 'Import' },
} as const satisfies Record<string, Text>;
export const YES: Text = { 'zh-CN': '是', en: 'Yes' };
export const NO: Text = { 'zh-CN': '否', en: 'No' };

/** Kinds whose values are codes of something that has a name. */
const CHOICES: ReadonlySet<string> = new Set(['radio', 'select', 'checkbox', 'region']);

/** A filter in words, masked as lists are. `content` is the form's, for the labels of answers. */
export function filterWords(
  filter: ExportFilter,
  { content, regions, locale }: { content: FormContent | null; regions: RegionLookup; locale: Locale },
): Word[] {
  const look = { regions };
  const say = (key: keyof ExportFilter, value: unknown): string => {
    switch (key) {
      case 'status':
        return textOf(STATUS[value as keyof typeof STATUS], locale);
      case 'source':
        return textOf(SOURCE[value as keyof typeof SOURCE], locale);
      case 'phone':
        return maskValue(PERSON_FIELDS.phone, value, locale, look);
      case 'document':
        return `${String(value).slice(0, 1)}***${String(value).slice(-2)}`;
      case 'region':
        return regions.path(value as string).join('/') || String(value);
      default:
        return typeof value === 'boolean' ? textOf(value ? YES : NO, locale) : String(value);
    }
  };
  const chosen = (field: Field, value: string) =>
    CHOICES.has(field.kind) ? formatValue(field, field.kind === 'checkbox' ? [value] : value, locale, look) : value;
  const answers = (text: string): Word[] => {
    const fields = new Map((content ? fieldsOf(content) : []).map((field) => [field.key, field]));
    return text.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(':');
      const field = fields.get(key);
      if (!field) return { label: textOf(LABELS.facet, locale), value: key };
      return { label: textOf(field.label, locale), value: isSensitive(field) ? '***' : chosen(field, value) };
    });
  };
  return (Object.keys(LABELS) as (keyof ExportFilter)[]).flatMap((key) => {
    const value = filter[key];
    if (value === undefined) return [];
    return key === 'facet'
      ? answers(value as string)
      : [{ label: textOf(LABELS[key], locale), value: say(key, value) }];
  });
}

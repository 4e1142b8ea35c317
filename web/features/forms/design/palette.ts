import { FIELD_KINDS, type Field, type FieldKind, type FormContent } from '../../../../server/shared/fields/index.ts';
import { propertiesOf } from '../../../../server/shared/fields/vet/index.ts';
import { freshKey } from '../../../../server/shared/forms/edit.ts';
import { defineTexts } from '../../../common/admin/text/texts.ts';

/** What can be added to a form: fields that most forms have, and one blank field of every kind. */
export interface PaletteItem {
  id: string;
  /** A kind, for its name and mark. */
  kind: FieldKind;
  /** The name of a ready field; a blank one is called as its kind is. */
  ready?: ReadyName;
}
export interface PaletteGroup {
  id: GroupId;
  items: PaletteItem[];
}

export const groupNames = defineTexts({
  ready: ['常用', 'Ready-made'],
  words: ['文字', 'Words'],
  numbers: ['数字', 'Numbers'],
  times: ['日期时间', 'Dates and times'],
  choices: ['选择', 'Choices'],
  people: ['人员与地点', 'People and places'],
  files: ['文件', 'Files'],
  others: ['其他', 'Others'],
});
type GroupId = Parameters<typeof groupNames>[0];

/** The group of each kind; a kind that is named nowhere is among the others. */
const GROUPS: [GroupId, string[]][] = [
  ['words', ['text', 'textarea', 'email', 'url']],
  ['numbers', ['integer', 'decimal', 'quantity', 'rating', 'computed']],
  ['times', ['date', 'datetime', 'time']],
  ['choices', ['radio', 'checkbox', 'select', 'multiselect', 'matrix']],
  ['people', ['document', 'phone', 'region', 'address', 'organisation', 'person']],
  ['files', ['photo', 'file', 'signature']],
];

const gender = { male: ['男', 'Male'], female: ['女', 'Female'] } as const;

/** Fields of people, which write into the person that a record is about. */
const READY = {
  name: { kind: 'text', label: { 'zh-CN': '姓名', en: 'Name' }, required: true, max: 50, maps: 'person.name' },
  document: {
    kind: 'document',
    label: { 'zh-CN': '证件', en: 'Identity document' },
    required: true,
    maps: 'person.document',
  },
  phone: { kind: 'phone', label: { 'zh-CN': '手机号', en: 'Mobile number' }, required: true, maps: 'person.phone' },
  gender: {
    kind: 'radio',
    label: { 'zh-CN': '性别', en: 'Gender' },
    options: Object.entries(gender).map(([code, [zh, en]]) => ({ code, label: { 'zh-CN': zh, en } })),
    maps: 'person.gender',
  },
  birthDate: {
    kind: 'date',
    label: { 'zh-CN': '出生日期', en: 'Date of birth' },
    min: 'today-120y',
    max: 'today',
    maps: 'person.birthDate',
  },
  address: { kind: 'address', label: { 'zh-CN': '现住址', en: 'Current address' }, maps: 'person.address' },
} satisfies Record<string, Omit<Field, 'key'>>;
export type ReadyName = keyof typeof READY;

/** Everything that the palette offers, in groups. */
export function paletteGroups(): PaletteGroup[] {
  const named = GROUPS.flatMap(([, kinds]) => kinds);
  const of = (kinds: readonly string[]): PaletteItem[] =>
    FIELD_KINDS.filter((kind) => kinds.includes(kind)).map((kind) => ({ id: kind, kind }));
  return [
    {
      id: 'ready' as const,
      items: Object.entries(READY).map(([name, { kind }]) => ({ id: `ready.${name}`, kind, ready: name as ReadyName })),
    },
    ...GROUPS.map(([id, kinds]) => ({ id, items: of(kinds) })),
    { id: 'others' as const, items: of(FIELD_KINDS.filter((kind) => !named.includes(kind))) },
  ].filter(({ items }) => items.length > 0);
}

const names: Record<ReadyName, { 'zh-CN': string; en?: string }> = Object.fromEntries(
  Object.entries(READY).map(([name, { label }]) => [name, label]),
) as Record<ReadyName, { 'zh-CN': string; en: string }>;
export const readyLabel = (name: ReadyName) => names[name];

const usesMaps = (content: FormContent, target: string): boolean =>
  content.steps.some((step) => step.fields.some((field) => field.maps === target));

/**
 * A new field as the palette makes it: its key is one that no field has, its name that of its kind (`words`), and what its
 * kind can't be without is there.
 */
export function newField(item: PaletteItem, content: FormContent, words: { 'zh-CN': string; en: string }): Field {
  if (item.ready) {
    const { maps, ...field } = READY[item.ready] as Omit<Field, 'key'>;
    // Only one field may write into a property of the person.
    const own = maps && !usesMaps(content, maps) ? { maps } : {};
    return { key: freshKey(content, item.ready), ...field, ...own };
  }
  const { kind } = item;
  const fits = propertiesOf(kind);
  const field: Field = { key: freshKey(content, kind), kind, label: words };
  if (fits.includes('options'))
    field.options = [1, 2].map((n) => ({
      code: `option${n}`,
      label: { 'zh-CN': `选项 ${n}`, en: `Option ${n}` },
    }));
  if (fits.includes('rows'))
    field.rows = [1, 2].map((n) => ({ code: `row${n}`, label: { 'zh-CN': `第 ${n} 行`, en: `Row ${n}` } }));
  if (kind === 'group') Object.assign(field, { fields: [], max: 10 });
  if (kind === 'computed') field.compute = { today: true };
  return field;
}

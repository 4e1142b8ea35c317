import {
  DOCUMENT_TYPES,
  PERSON_TARGETS,
  type FieldKind,
  type PersonTarget,
} from '../../../../server/shared/fields/types.ts';
import { propertiesOf } from '../../../../server/shared/fields/vet/index.ts';
import { defineTexts } from '../../../common/admin/text/texts.ts';
import { propertyHints, propertyNames } from './design.texts.ts';

/** How a property is edited. */
export type PropertyEditor =
  | 'words'
  | 'note'
  | 'line'
  | 'flag'
  | 'number'
  | 'bound'
  | 'options'
  | 'choice'
  | 'several'
  | 'condition'
  | 'expression'
  | 'json';

export interface Choice {
  value: string;
  label: string;
}

export interface Property {
  name: string;
  editor: PropertyEditor;
  section: Section;
  choices?: () => Choice[];
}

export const SECTIONS = ['basic', 'rules', 'logic', 'data'] as const;
export type Section = (typeof SECTIONS)[number];

const targets = defineTexts({
  'person.name': ['姓名', 'Name'],
  'person.document': ['证件', 'Document'],
  'person.phone': ['手机号', 'Phone'],
  'person.gender': ['性别', 'Gender'],
  'person.birthDate': ['出生日期', 'Date of birth'],
  'person.region': ['地区', 'Region'],
  'person.address': ['住址', 'Address'],
});
const levels = defineTexts({ province: ['省', 'Province'], city: ['市', 'City'], county: ['区县', 'County'] });
const documents = defineTexts({
  residentId: ['居民身份证', 'Resident ID card'],
  passport: ['护照', 'Passport'],
  hkMacauPermit: ['港澳居民来往内地通行证', 'Mainland travel permit (Hong Kong, Macau)'],
  taiwanPermit: ['台湾居民来往大陆通行证', 'Mainland travel permit (Taiwan)'],
});

const of =
  <K extends string>(names: readonly K[], say: (name: K) => string) =>
  (): Choice[] =>
    names.map((value) => ({ value, label: say(value) }));

/** Every property that has an editor of its own. One place: what a kind may have is for the engine to say. */
const KNOWN: Record<string, Omit<Property, 'name'>> = {
  label: { editor: 'words', section: 'basic' },
  hint: { editor: 'note', section: 'basic' },
  required: { editor: 'flag', section: 'basic' },
  rows: { editor: 'options', section: 'basic' },
  options: { editor: 'options', section: 'basic' },
  min: { editor: 'bound', section: 'rules' },
  max: { editor: 'bound', section: 'rules' },
  scale: { editor: 'number', section: 'rules' },
  unit: { editor: 'words', section: 'basic' },
  pattern: { editor: 'line', section: 'rules' },
  patternHint: { editor: 'words', section: 'rules' },
  level: { editor: 'choice', section: 'rules', choices: of(['province', 'city', 'county'], levels) },
  documentTypes: { editor: 'several', section: 'rules', choices: of(DOCUMENT_TYPES, documents) },
  visibleWhen: { editor: 'condition', section: 'logic' },
  requiredWhen: { editor: 'condition', section: 'logic' },
  readOnlyWhen: { editor: 'condition', section: 'logic' },
  compute: { editor: 'expression', section: 'logic' },
  maps: { editor: 'choice', section: 'data', choices: of<PersonTarget>(PERSON_TARGETS, targets) },
  sensitive: { editor: 'flag', section: 'data' },
  filterable: { editor: 'flag', section: 'data' },
};
/** Edited elsewhere: above the panel, and in the list itself. */
const ELSEWHERE = ['key', 'kind', 'fields'];

/** What the panel offers for a kind, by section; a property that nobody here knows is edited as JSON. */
export function panelOf(kind: FieldKind): { section: Section; properties: Property[] }[] {
  const fits = [...new Set(propertiesOf(kind))].filter((name) => !ELSEWHERE.includes(name));
  const all = fits.map((name): Property => ({ name, ...(KNOWN[name] ?? { editor: 'json', section: 'rules' }) }));
  const order = Object.keys(KNOWN);
  all.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return SECTIONS.map((section) => ({
    section,
    properties: all.filter((one) => one.section === section),
  })).filter(({ properties }) => properties.length > 0);
}

const LENGTHS = ['text', 'textarea', 'address', 'email', 'url'];
const TIMES = ['date', 'datetime', 'time'];
const VALUES = ['integer', 'decimal', 'quantity', 'rating'];

/** Whether a bound of this kind is a text (`today-14d`) instead of a number. */
export const isDated = (kind: FieldKind): boolean => TIMES.includes(kind);

function nameIn(property: string, kind: FieldKind): string {
  if (property === 'label' && kind === 'static') return 'note';
  if (property !== 'min' && property !== 'max') return property;
  if (LENGTHS.includes(kind)) return `${property}Length`;
  if (TIMES.includes(kind)) return `${property}Day`;
  return VALUES.includes(kind) ? `${property}Value` : `${property}Count`;
}

/** What a property is called for a kind: the `min` of a text is its shortest length. */
export const propertyLabel = (property: string, kind: FieldKind): string =>
  propertyNames(nameIn(property, kind) as Parameters<typeof propertyNames>[0]);

/** What helps with a property; nothing for most. */
export function propertyHint(property: string, kind: FieldKind): string | undefined {
  const name = nameIn(property, kind);
  const hint = propertyHints(name as Parameters<typeof propertyHints>[0]);
  return hint === name ? undefined : hint;
}

export const sectionNames = defineTexts({
  basic: ['内容', 'Content'],
  rules: ['填写规则', 'Rules'],
  logic: ['逻辑', 'Logic'],
  data: ['保存与查询', 'Storage and lists'],
});

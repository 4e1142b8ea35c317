/**
 * A field is data: storable, sendable, diffable. Everything else (validation, widgets, Excel, OpenAPI, masking) is a
 * projection of these shapes. This file holds shapes only.
 */

export type Locale = 'zh-CN' | 'en';

/** A text in the languages of the product; Chinese is always there, English may be. */
export interface Text {
  'zh-CN': string;
  en?: string;
}

export const FIELD_KINDS = [
  'text',
  'textarea',
  'integer',
  'decimal',
  'date',
  'radio',
  'checkbox',
  'select',
  'region',
  'phone',
  'document',
  'address',
  'consent',
  'static',
] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export interface Option {
  /** What is stored. Never reused with another meaning. */
  code: string;
  label: Text;
}

/** What a field writes into the Person that the submission is about. */
export const PERSON_TARGETS = [
  'person.name',
  'person.document',
  'person.phone',
  'person.gender',
  'person.birthDate',
  'person.region',
  'person.address',
] as const;
export type PersonTarget = (typeof PERSON_TARGETS)[number];

/** A test over the answers; `field` names another field of the same form by key. */
export type Condition =
  | { field: string; op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'contains'; value: string | number | boolean }
  | { field: string; op: 'in' | 'notIn'; value: (string | number)[] }
  | { field: string; op: 'filled' | 'empty' }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

export interface Field {
  /** `^[a-z][a-zA-Z0-9]{0,39}$`, unique in the form, never reused with another kind. */
  key: string;
  kind: FieldKind;
  label: Text;
  hint?: Text;
  required?: boolean;
  /** radio, checkbox, select. */
  options?: Option[];
  /**
   * text, textarea, address: shortest length in characters. integer, decimal: lowest value. checkbox: fewest choices.
   * date: earliest day, `YYYY-MM-DD` or relative to today: `today`, `today-14d`, `today+1y`.
   */
  min?: number | string;
  /** The other end of `min`. */
  max?: number | string;
  /** decimal: digits after the point (default 2). */
  scale?: number;
  /** Shown after a number: `℃`, `kg`. */
  unit?: Text;
  /** text: a regular expression for the whole value; vetted when published. */
  pattern?: string;
  /** What to say when `pattern` does not match. */
  patternHint?: Text;
  /** region: how deep a choice must go. Default `county`. */
  level?: RegionLevel;
  /** document: which types may be chosen. Default: all. */
  documentTypes?: DocumentType[];
  /** The field exists only while this holds; a hidden answer is dropped. */
  visibleWhen?: Condition;
  /** Stored encrypted, masked for readers without the reveal permission. phone, document and address always are. */
  sensitive?: boolean;
  maps?: PersonTarget;
  /** May be filtered by in the records list (copied into facets). */
  filterable?: boolean;
}

export type RegionLevel = 'province' | 'city' | 'county';

export const DOCUMENT_TYPES = ['residentId', 'passport', 'hkMacauPermit', 'taiwanPermit'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** The value of a `document` field. */
export interface DocumentValue {
  type: DocumentType;
  number: string;
}

/** The value of an `address` field. `region` is a GB/T 2260 code of six digits, e.g. `440305`. */
export interface AddressValue {
  region: string;
  detail: string;
}

/**
 * The values by kind: text, textarea, date (`YYYY-MM-DD`), radio, select, region (six digits), phone (eleven digits):
 * string; integer, decimal: number; checkbox: string[] of option codes in the order of the options; consent: true;
 * document: DocumentValue; address: AddressValue; static: none.
 */
export type AnswerValue = string | number | boolean | string[] | DocumentValue | AddressValue;
export type Answers = Record<string, AnswerValue>;

/** One page of the citizen's form: a question or a task. */
export interface Step {
  key: string;
  title: Text;
  help?: Text;
  fields: Field[];
}

/** The content of one form version; frozen for ever once published. */
export interface FormContent {
  title: Text;
  /** Shown before the first step. Plain text; line breaks are kept. */
  intro?: Text;
  steps: Step[];
  /** Field keys whose values together must be unique among the active submissions of the form. */
  dedupe?: string[];
}

/** What is wrong with a value; never a sentence. The sentence comes from `messages/` by code. */
export interface Fault {
  code: string;
  params?: Record<string, string | number>;
}

/** A fault at a place: `path` is dotted, e.g. `answers.phone` or `steps.0.fields.3.pattern`. */
export interface Issue extends Fault {
  path: string;
}

/**
 * Regions by GB/T 2260 code. The data lives elsewhere: a few kilobytes a level in the browser, all of it on the server.
 * `find(path(code))` gives `code` again.
 */
export interface RegionLookup {
  /** The region's own name, `南山区`. */
  name(code: string): string | undefined;
  /** The names from the province down, `['广东省', '深圳市', '南山区']`; empty for an unknown code. */
  path(code: string): string[];
  /** The code of a path of names from the province down. */
  find(path: string[]): string | undefined;
}

/** Read-only look-ups that a kind may use when they are there. */
export interface Look {
  regions?: RegionLookup;
}

/** What judging needs to know about the world. With `regions`, an unknown region is a fault. */
export interface CheckContext extends Look {
  /** Today in Asia/Shanghai, `YYYY-MM-DD`. */
  today: string;
}

/**
 * A field is data: storable, sendable, diffable. Everything else (validation, widgets, Excel, OpenAPI, masking) is a
 * projection of these shapes. This file holds shapes only.
 */

import type { KINDS } from './kinds/index.ts';

export type Locale = 'zh-CN' | 'en';

/** A text in the languages of the product; Chinese is always there, English may be. */
export interface Text {
  'zh-CN': string;
  en?: string;
}

/** The name of a kind; the register is `kinds/index.ts`. */
export type FieldKind = keyof typeof KINDS;

export interface Option {
  /** What is stored. Never reused with another meaning. */
  code: string;
  label: Text;
  /** May be chosen only while this holds. */
  allowedWhen?: Condition;
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

/** What an expression may call; `expressions/functions.ts` says what each takes and gives. */
export const FUNCTIONS = [
  'add',
  'sub',
  'mul',
  'div',
  'round',
  'min',
  'max',
  'sum',
  'count',
  'concat',
  'length',
  'age',
  'days',
  'addDays',
  'orElse',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/**
 * A value worked out from the answers. `field` names a field of the same form by key; within a group its own fields come
 * first, and from outside `members.income` means that answer of every record of the group `members`. What can't be worked
 * out (an answer that is not there, a division by 0) is no value. `today` is the day in Asia/Shanghai.
 */
export type Expression =
  | { value: string | number | boolean }
  | { field: string }
  | { today: true }
  | { fn: FunctionName; args: Expression[] }
  | { if: Condition; then: Expression; else: Expression };

/** A test over the answers; `field` names another field of the same form by key. */
export type Condition =
  | { field: string; op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'contains'; value: string | number | boolean }
  | { field: string; op: 'in' | 'notIn'; value: (string | number)[] }
  | { field: string; op: 'filled' | 'empty' }
  | { left: Expression; op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'; right: Expression }
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
  /** radio, checkbox, select, multiselect; matrix: the columns; quantity: the units. */
  options?: Option[];
  /**
   * text, textarea, address: shortest length in characters. integer, decimal: lowest value. checkbox: fewest choices.
   * photo, file: fewest files. date: earliest day, `YYYY-MM-DD` or relative to today: `today`, `today-14d`, `today+1y`.
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
  /** Must be filled in while this holds, also where `required` is not set. */
  requiredWhen?: Condition;
  /** Can't be changed while this holds: the value is that of `compute`, or of the answers that are being edited. */
  readOnlyWhen?: Condition;
  /** computed: its value. Other kinds: the value while `readOnlyWhen` holds. Never what was sent. */
  compute?: Expression;
  /** matrix: the things that are asked about, each answered by one of the options. */
  rows?: Option[];
  /** group: what each record is asked. `min` and `max` say how many records. */
  fields?: Field[];
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

/** The value of a `quantity` field; `unit` is the code of an option. */
export interface QuantityValue {
  amount: number;
  unit: string;
}

/** An uploaded file, in the value of a `photo`, `file` or `signature` field. What it says of the file is what was found in it. */
export interface FileValue {
  id: string;
  name: string;
  /** As the content says, `image/jpeg`. */
  type: string;
  bytes: number;
}

/**
 * The values by kind: text, textarea, date (`YYYY-MM-DD`), datetime (`YYYY-MM-DDTHH:mm` in Asia/Shanghai), time (`HH:mm`), radio,
 * select, region (six digits), phone (eleven digits), email, url, hidden, organisation and person (ids): string; integer, decimal,
 * rating: number; checkbox, multiselect: string[] of option codes in the order of the options; consent: true; matrix: the code of an
 * option by the code of a row; quantity: QuantityValue; document: DocumentValue; address: AddressValue; computed: what its rule
 * gives; group: the answers of each record; photo, file, signature: FileValue[]; static: none.
 */
export type AnswerValue =
  | string
  | number
  | boolean
  | string[]
  | DocumentValue
  | AddressValue
  | QuantityValue
  | Record<string, string>
  | FileValue[]
  | Answers[];
export interface Answers {
  [key: string]: AnswerValue;
}

/** One page of the citizen's form: a question or a task. */
export interface Step {
  key: string;
  title: Text;
  help?: Text;
  fields: Field[];
}

/**
 * What several answers must say together. Silent about answers that are not there: a comparison with one is neither right
 * nor wrong (`filled` asks for them).
 */
export interface Check {
  /** As a field's key; unique among the checks. */
  key: string;
  assert: Condition;
  /** Said when the assertion is wrong. */
  message: Text;
  /** Keys of the fields to mend; said at the first that is visible. With none visible the check does not count. */
  fields: string[];
}

/** The content of one form version; frozen for ever once published. */
export interface FormContent {
  title: Text;
  /** Shown before the first step. Plain text; line breaks are kept. */
  intro?: Text;
  steps: Step[];
  /** Rules over several answers. */
  checks?: Check[];
  /** Field keys whose values together must be unique among the active submissions of the form. */
  dedupe?: string[];
}

/** What is wrong with a value; never a sentence. The sentence comes from `messages/` by code. */
export interface Fault {
  code: string;
  /** A designer's own words are said in the language of whoever reads them. */
  params?: Record<string, string | number | Text>;
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

/** Names of things that are kept elsewhere, by id. */
export interface NameLookup {
  name(id: string): string | undefined;
  /** The id of a name that only one has. */
  find(name: string): string | undefined;
}

/** Read-only look-ups that a kind may use when they are there. */
export interface Look {
  regions?: RegionLookup;
  organisations?: NameLookup;
  people?: NameLookup;
}

/** What judging needs to know about the world. With a look-up, what it does not know is a fault. */
export interface CheckContext extends Look {
  /** Today in Asia/Shanghai, `YYYY-MM-DD`. */
  today: string;
  /** The stored answers that are being edited: what is read-only stays as it is there. */
  before?: Readonly<Record<string, unknown>> | undefined;
}

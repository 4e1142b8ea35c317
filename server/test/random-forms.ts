import fc from 'fast-check';
import { CASES, CASES_TODAY, sample, SAMPLE_ORGANISATIONS, SAMPLE_REGIONS } from '../shared/fields/cases/index.ts';
import {
  fieldsOf,
  type CheckContext,
  type Condition,
  type Expression,
  type Field,
  type FieldKind,
  type FormContent,
  type Look,
} from '../shared/fields/index.ts';
import { KINDS, PROJECTIONS } from '../shared/fields/kinds/index.ts';
import { parseCell } from '../shared/fields/projections.ts';
import { vetForm } from '../shared/fields/vet/index.ts';

/** A form that may be published, and what it is filled with: some right, some wrong, some left empty. */
export interface RandomForm {
  content: FormContent;
  /** As rows of a workbook: texts by field key. Of uploaded files a workbook says nothing. */
  rows: Record<string, string>[];
  /** As a client could send them: values of right and wrong types, and of fields that are not there. */
  answers: Record<string, unknown>[];
}

/** What judges and cells look up. Who judges by a database has the same in it. */
export const FORM_LOOK: Look = { regions: SAMPLE_REGIONS, organisations: SAMPLE_ORGANISATIONS };
export const FORM_CONTEXT: CheckContext = { today: CASES_TODAY, ...FORM_LOOK };

/** RULES_SEED repeats a run or makes other forms; without it they are those of `otherwise`, or of chance. */
export const rulesSeed = (otherwise = Math.floor(Math.random() * 2 ** 31)): number =>
  Number(process.env['RULES_SEED']) || otherwise;

/** What only a database can tell of an answer that looks right. */
const ONLY_KNOWN_ELSEWHERE = '65f0000000000000000000ff';

interface Part {
  field: Field;
  texts: string[];
  raws: unknown[];
  /** Of these the right ones, as far as the field alone can tell. */
  good: { texts: string[]; raws: unknown[] };
}

/** As it arrives when it was sent. */
const sent = (raw: unknown): unknown => (raw === undefined ? undefined : JSON.parse(JSON.stringify(raw) ?? 'null'));

/** Keys that are refused in any body, before a form is asked: `strict-json.test.ts`. */
const isRefusedAnyway = (raw: unknown): boolean =>
  /"(\$|__proto__"|constructor"|prototype")/.test(JSON.stringify(raw) ?? '');
const isAskable = (raw: unknown): boolean => raw !== ONLY_KNOWN_ELSEWHERE && !isRefusedAnyway(raw);

/** Values by kind, of any of its cases. */
const rawsOf = (kind: FieldKind): unknown[] =>
  [...CASES[kind].good, ...CASES[kind].bad].map(({ raw }) => sent(raw)).filter(isAskable);

/** The fields of the cases that may be published as they are, each with texts and values that mean something to it. */
const samples: Part[] = Object.values(CASES)
  .flatMap(({ good, bad }) => [...good, ...bad])
  .filter(({ field, raw }) => field.kind !== 'static' && !isOnlyForStaff(field) && isAskable(sent(raw)))
  .map((one) => {
    const { maps: _maps, ...field } = one.field;
    return {
      field,
      texts: [
        ...('text' in one ? [one.text, ...(one.cells ?? [])] : []),
        ...(typeof one.raw === 'string' ? [one.raw] : []),
        ...(typeof one.raw === 'number' ? [String(one.raw)] : []),
      ],
      raws: [sent(one.raw), ...rawsOf(one.field.kind)],
      good:
        'text' in one
          ? { texts: [one.text, ...(one.cells ?? [])], raws: [sent(one.raw)] }
          : { texts: [''], raws: [undefined] },
    };
  })
  .filter(({ field }) => vetForm(formOf([field])).length === 0);

/** Every kind that a citizen's form may have; groups are also made of others. */
export const CITIZENS_KINDS: FieldKind[] = [...new Set(samples.map(({ field }) => field.kind))];

const inner = samples.filter(({ field }) => !PROJECTIONS[field.kind].alone && !field.fields);

function isOnlyForStaff({ kind }: Field): boolean {
  return KINDS[kind].unseen === 'staff';
}

const JUNK = [
  '',
  ' ',
  '是',
  '5',
  '-3',
  '440305199003071236',
  '2024-01-05',
  '１３８００１３８０００',
  '\u0000',
  'x'.repeat(300),
];
const STRANGE: unknown[] = [...JUNK, null, 0, -1.5, true, [], {}, ['a'], { a: '' }, [[1]], 1e21];

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!;

/** A cell's text in the line of a group's record. */
const guarded = (text: string): string => text.replace(/[\\;；]/g, '\\$&').replace(/\n/g, '\\n');

/** A group of any other kinds, with records of them. */
function groupOf(numbers: readonly number[]): Part {
  const parts = Array.from({ length: 1 + (numbers[0]! % 3) }, (_, at) => {
    const { field, texts, raws, good } = pick(inner, numbers[at]! >> 3);
    const { filterable: _lists, ...rest } = structuredClone(field);
    return { field: { ...rest, key: `g${at}`, label: { 'zh-CN': `内${at}` } }, texts, raws, good };
  });
  const records = <T>(make: (part: Part, number: number) => T | undefined): Record<string, T>[][] =>
    Array.from({ length: 6 }, (_, variant) =>
      Array.from({ length: variant % 4 }, (_record, at) =>
        Object.fromEntries(
          parts.flatMap((part, place) => {
            const made = make(part, pick(numbers, variant * 7 + at * 3 + place));
            return made === undefined ? [] : [[part.field.key, made]];
          }),
        ),
      ),
    );
  const cells = (some: Record<string, string>[][]): string[] =>
    some.map((group) =>
      group
        .map(
          (record) =>
            Object.entries(record)
              .map(([key, text]) => `${key}：${guarded(text)}`)
              .join('；') || '-',
        )
        .join('\n'),
    );
  return {
    field: { ...sample('group'), fields: parts.map(({ field }) => field), max: 5 },
    texts: cells(records(({ texts }, number) => pick([...texts, ...JUNK.slice(0, 6)], number >> 2))),
    raws: [
      ...records(({ raws }, number) => pick([undefined, ...raws, ...raws, pick(STRANGE, number >> 5)], number >> 2)),
      'x',
    ],
    good: {
      texts: cells(records(({ good }, number) => pick(good.texts, number >> 2))),
      raws: records(({ good }, number) => pick(good.raws, number >> 2)),
    },
  };
}

function formOf(fields: Field[], rest: Partial<FormContent> = {}): FormContent {
  const title = { 'zh-CN': '表', en: 'Form' };
  const half = Math.ceil(fields.length / 2);
  const steps = [fields.slice(0, half), fields.slice(half)].filter((some) => some.length > 0);
  return { title, steps: steps.map((some, at) => ({ key: `step${at}`, title, fields: some })), ...rest };
}

/** What can be asked about a field, by what expressions see of it. */
function testOf(field: Field, dice: number): Condition {
  const { key } = field;
  const seen = PROJECTIONS[field.kind].gives;
  const code = field.options?.[dice % field.options.length]?.code ?? 'a';
  const other: Expression =
    seen === 'day' ? { today: true } : { fn: 'add', args: [{ value: 2 }, { value: dice % 40 }] };
  const tests: Condition[] = [
    { field: key, op: 'filled' },
    { field: key, op: 'empty' },
  ];
  if (seen === 'number' || seen === 'day')
    tests.push({ left: { field: key }, op: dice % 2 ? 'gte' : 'lt', right: other });
  if (seen === 'number') tests.push({ field: key, op: 'ne', value: dice % 10 });
  if (seen === 'choice') tests.push({ field: key, op: 'eq', value: code }, { field: key, op: 'notIn', value: [code] });
  if (seen === 'choices') tests.push({ field: key, op: 'contains', value: code });
  if (seen === 'choices' || seen === 'records')
    tests.push({ left: { fn: 'count', args: [{ field: key }] }, op: 'gt', right: { value: dice % 3 } });
  if (seen === 'text') tests.push({ left: { fn: 'length', args: [{ field: key }] }, op: 'lte', right: { value: 5 } });
  const [first, second] = [tests[dice % tests.length]!, tests[(dice >> 3) % tests.length]!];
  return [first, { not: first }, { any: [first, second] }, { all: [first, { not: { not: second } }] }][
    (dice >> 5) % 4
  ]!;
}

const RULES = ['visibleWhen', 'requiredWhen', 'readOnlyWhen', 'compute', 'required'] as const;

/** Puts rules onto fields as numbers say; what could not be published falls away again. */
function withRules(fields: Field[], dice: readonly number[]): FormContent {
  const at = (index: number) => dice[index % dice.length]!;
  fields.forEach((field, index) => {
    const number = at(index);
    const rule = testOf(fields[(number >> 8) % fields.length]!, number);
    if (number % 7 === 0) field.required = true;
    if (number % 3 === 0) field.visibleWhen = rule;
    if (number % 5 === 0) field.requiredWhen = rule;
    if (number % 4 === 0 && field.options)
      field.options = field.options.map((option, place) =>
        place === number % 3 ? { ...option, allowedWhen: rule } : option,
      );
    const gives = PROJECTIONS[field.kind].gives;
    field.fields?.forEach((one, place) => {
      const own = at(index + 20 + place);
      const test = testOf(pick(field.fields!, own >> 8), own);
      if (own % 5 === 0) one.required = true;
      if (own % 3 === 0) one.visibleWhen = test;
      if (own % 4 === 0) one.requiredWhen = test;
    });
    if (number % 11 === 0 && !field.compute) {
      field.readOnlyWhen = rule;
      field.compute = gives === 'day' ? { today: true } : gives === 'number' ? { value: number % 50 } : { value: '甲' };
    }
  });
  const checks = fields.slice(0, 3).map((field, index) => ({
    key: `check${index}`,
    assert: testOf(fields[at(index + 50) % fields.length]!, at(index + 60)),
    message: { 'zh-CN': `第 ${index} 条`, en: `Number ${index}` },
    fields: [field.key],
  }));
  const content = formOf(fields, { checks });
  // Each turn takes away every rule that is blamed: of a circle one, of the rest all.
  for (let issues = vetForm(content); issues.length > 0; issues = vetForm(content)) {
    for (const { path } of issues) {
      const [list, step, , place] = path.split('.');
      if (list === 'checks') {
        delete content.checks;
        continue;
      }
      const field = content.steps[Number(step)]!.fields[Number(place)]!;
      for (const one of [field, ...(field.fields ?? [])]) {
        for (const name of RULES) if (!(name === 'compute' && PROJECTIONS[one.kind].computes)) delete one[name];
        if (one.options) one.options = one.options.map(({ code, label }) => ({ code, label }));
      }
    }
  }
  return content;
}

/** Every other row is of right values: among many random ones some are always wrong. */
const isAllRight = (row: readonly number[]): boolean => row.at(-1)! % 2 === 0;

/** Forms of one to ten fields under random rules, one of them of this kind; the others of any. */
export const randomFormsWith = (kind?: FieldKind): fc.Arbitrary<RandomForm> => {
  const numbers = (length: number) => fc.array(fc.nat(1_000_000), { minLength: length, maxLength: length });
  const wanted = samples.filter(({ field }) => field.kind === kind);
  return fc
    .record({
      chosen: fc.array(fc.nat(samples.length - 1), { minLength: kind ? 0 : 1, maxLength: kind ? 9 : 10 }),
      dice: numbers(80),
      fill: fc.array(numbers(10), { minLength: 1, maxLength: 5 }),
    })
    .map(({ chosen, dice, fill }) => {
      const all = chosen.map((index, at) => (index % 9 === 0 ? groupOf(dice.slice(at)) : samples[index]!));
      if (wanted.length > 0) all.splice(dice[0]! % (all.length + 1), 0, pick(wanted, dice[1]!));
      const parts = all.map(({ field, texts, raws, good }, at) => ({
        field: { ...structuredClone(field), key: `f${at}` },
        texts: texts.length > 0 ? texts : JUNK,
        raws,
        good,
      }));
      const content = withRules(
        parts.map(({ field }) => field),
        dice,
      );
      const rows = fill.map((row) =>
        Object.fromEntries(
          parts.map(({ field, texts, good }, at) => {
            const number = row[at]!;
            if (isAllRight(row)) return [field.key, pick(good.texts, number >> 2)];
            return [field.key, number % 4 === 0 ? pick(JUNK, number >> 2) : pick(texts, number >> 2)];
          }),
        ),
      );
      const answers = fill.map((row) => {
        const given = parts.flatMap(({ field, raws, good }, at): [string, unknown][] => {
          const number = row[at]!;
          if (isAllRight(row)) return [[field.key, pick(good.raws, number >> 3)]];
          if (number % 8 === 0) return [];
          return [[field.key, number % 8 === 1 ? pick(STRANGE, number >> 3) : pick(raws, number >> 3)]];
        });
        return Object.fromEntries(row[0]! % 7 === 1 && !isAllRight(row) ? [...given, ['stranger', 1]] : given);
      });
      return { content, rows, answers };
    });
};

/** Forms of any kinds. */
export const randomForms = randomFormsWith();

/** A row as the answers that a client sends: each cell's meaning, nothing for an empty one. */
export function answersOfRow(content: FormContent, row: Record<string, string>): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const field of fieldsOf(content)) {
    const value = parseCell(field, row[field.key] ?? '', FORM_LOOK);
    if (value !== undefined) answers[field.key] = value;
  }
  return answers;
}

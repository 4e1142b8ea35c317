import { describe, expect, it } from 'vitest';
import { CASES, CASES_TODAY, SAMPLE_REGIONS } from '../../../shared/fields/cases/index.ts';
import { checkForm, isAsked, type Field, type FormContent } from '../../../shared/fields/index.ts';
import { parseCell } from '../../../shared/fields/projections.ts';
import type { Cell, Row } from '../../infra/workbook/index.ts';
import { createJudge } from './judge.ts';

const ctx = { today: CASES_TODAY, regions: SAMPLE_REGIONS };
const text = (value: string): Cell => (value === '' ? { type: 'empty', text: '' } : { type: 'text', text: value });
const form = (fields: Field[]): FormContent => ({
  title: { 'zh-CN': '表' },
  steps: [{ key: 'all', title: { 'zh-CN': '页' }, fields }],
});
const headerOf = (fields: (Field | undefined)[]) => ({ row: 1, fields });

/** The rule as one would say it: each cell to a value, then the form is checked. */
function naive(content: FormContent, fields: (Field | undefined)[], { cells }: Row) {
  const raw: Record<string, unknown> = {};
  for (const [column, field] of fields.entries()) {
    const value = field && cells[column] ? parseCell(field, cells[column].text, ctx) : undefined;
    if (field && value !== undefined && !(field.key in raw)) raw[field.key] = value;
  }
  return checkForm(content, raw, ctx);
}

/** Every field of the cases under a key of its own, with cells that mean something to it or nothing. */
const columns = Object.values(CASES)
  .flatMap(({ good, bad }) => [...good, ...bad])
  .filter(({ field }) => isAsked(field))
  .map((one, at) => ({
    field: { ...one.field, key: `f${at}` },
    texts: [
      ...('text' in one ? [one.text, ...(one.cells ?? [])] : []),
      ...(typeof one.raw === 'string' ? [one.raw] : []),
      ...['', ' ', '是', '440305199003071236', '2024-01-05', '１３８００１３８０００', '\u0000', 'x'.repeat(300)],
    ],
  }));

describe('judging the rows of a file', () => {
  it('comes to what parsing each cell and checking the form comes to, also for texts that come again', () => {
    const fields = columns.map(({ field }) => field);
    const content = form(fields);
    const judge = createJudge(headerOf(fields), content, ctx);
    // Some columns repeat, some hold a text of their own in every row: both ways of remembering are taken.
    const wrong: number[] = [];
    for (let number = 2; number < 1_500; number += 1) {
      const cells = columns.map(({ texts }, column) =>
        column % 3 === 0 ? text(`${texts[0]}${number}`) : text(texts[(number * 7 + column) % texts.length]!),
      );
      const row = { number, cells };
      const { answers, issues } = judge(row);
      if (number % 10 === 0 && JSON.stringify({ answers, issues }) !== JSON.stringify(naive(content, fields, row)))
        wrong.push(number);
    }
    expect(wrong).toEqual([]);
  });

  it('knows a form’s conditions, columns it has no field for, and fields that come twice', () => {
    const yes: Field = {
      key: 'ill',
      kind: 'radio',
      label: { 'zh-CN': '生病' },
      required: true,
      options: [
        { code: 'yes', label: { 'zh-CN': '是' } },
        { code: 'no', label: { 'zh-CN': '否' } },
      ],
    };
    const since: Field = {
      key: 'since',
      kind: 'date',
      label: { 'zh-CN': '何时' },
      required: true,
      visibleWhen: { field: 'ill', op: 'eq', value: 'yes' },
    };
    const content = form([yes, since]);
    const judge = createJudge(headerOf([undefined, since, yes, since]), content, ctx);
    const row = (number: number, ...cells: string[]) => judge({ number, cells: cells.map(text) });
    expect(row(2, '?', '2024-01-05', '是', '2020-01-01')).toEqual({
      row: 2,
      answers: { ill: 'yes', since: '2024-01-05' },
      issues: [],
    });
    expect(row(3, '?', '', '是')).toMatchObject({ issues: [{ path: 'answers.since', code: 'required' }] });
    expect(row(4, '?', '2024-01-05', '否')).toEqual({ row: 4, answers: { ill: 'no' }, issues: [] });
    expect(row(5)).toMatchObject({ issues: [{ path: 'answers.ill', code: 'required' }] });
  });

  it('tells digits that a spreadsheet program has lost, in place of what else is wrong', () => {
    const number: Field = { key: 'id', kind: 'text', label: { 'zh-CN': '编号' }, max: 5 };
    const amount: Field = { key: 'amount', kind: 'decimal', label: { 'zh-CN': '数' } };
    const judge = createJudge(headerOf([number, amount]), form([number, amount]), ctx);
    const lossy: Cell = { type: 'number', text: '440305199003071000', lossy: true };
    for (let again = 0; again < 2; again += 1)
      expect(judge({ number: 2, cells: [lossy, lossy] }).issues).toEqual([
        { path: 'answers.id', code: 'digits_lost' },
        { path: 'answers.amount', code: 'too_big', params: { max: 1e12 } },
      ]);
    expect(judge({ number: 3, cells: [{ type: 'number', text: '44030' }] }).issues).toEqual([]);
  });

  it('a date that a workbook stores counts without its time', () => {
    const day: Field = { key: 'day', kind: 'date', label: { 'zh-CN': '日期' } };
    const judge = createJudge(headerOf([day]), form([day]), ctx);
    expect(judge({ number: 2, cells: [{ type: 'date', text: '2024-01-05 12:30:00' }] }).answers).toEqual({
      day: '2024-01-05',
    });
  });

  it('answers that rows share can’t be changed through one of them', () => {
    const choices: Field = {
      key: 'signs',
      kind: 'checkbox',
      label: { 'zh-CN': '症状' },
      options: [
        { code: 'a', label: { 'zh-CN': '甲' } },
        { code: 'b', label: { 'zh-CN': '乙' } },
      ],
    };
    const judge = createJudge(headerOf([choices]), form([choices]), ctx);
    const one = judge({ number: 2, cells: [text('甲；乙')] });
    expect(() => (one.answers['signs'] as string[]).push('c')).toThrow(TypeError);
    expect(judge({ number: 3, cells: [text('甲；乙')] }).answers).toEqual({ signs: ['a', 'b'] });
  });
});

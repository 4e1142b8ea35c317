import { isDeepStrictEqual } from 'node:util';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { CASES, CASES_TODAY, SAMPLE_REGIONS } from './cases/index.ts';
import {
  checkField,
  FIELD_KINDS,
  formatValue,
  isAsked,
  isEmpty,
  isSensitive,
  normalise,
  type FieldKind,
} from './index.ts';
import { PROJECTIONS } from './kinds/index.ts';
import { columnOf, groupsOf, howToFill, maskValue, parseCell, valueSchema } from './projections.ts';
import { vetForm } from './vet/index.ts';
import { ANSWER_CODES } from './codes.ts';

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const ajv = new Ajv({ strict: true });
addFormats(ajv);
const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'undefined';

describe.each(FIELD_KINDS)('%s', (kind) => {
  const { good, bad, empty = [undefined, null, '', ' \u3000\n'], groups = [] } = CASES[kind];
  const look = { regions: SAMPLE_REGIONS, ...CASES[kind].look };
  const ctx = { today: CASES_TODAY, ...look };

  it.each(good.map((each) => [show(each.raw), each] as const))('accepts %s everywhere alike', (_name, each) => {
    const { field, raw, value, text, masked, cells = [] } = each;
    expect(normalise(field, raw)).toEqual(value);
    expect(normalise(field, value)).toEqual(value);
    expect(checkField(field, raw, ctx)).toBeNull();
    expect(isEmpty(field, value)).toBe(false);
    expect(formatValue(field, value, 'zh-CN', look)).toBe(text);
    // What no column is read for has no other spellings.
    const written = !isAsked(field)
      ? []
      : [text, formatValue(field, value, 'en', look), formatValue(field, value, 'zh-CN'), ...cells];
    const read = written.map((cell) => [cell, normalise(field, parseCell(field, cell, look))]);
    expect(read).toEqual(written.map((cell) => [cell, value]));
    expect(ajv.validate(valueSchema(field), value)).toBe(true);
    expect(maskValue(field, value, 'zh-CN', look)).toBe(masked);
  });

  it.each(bad.map((each) => [show(each.raw), each] as const))('refuses %s', (_name, { field, raw, code, params }) => {
    const found = checkField(field, raw, ctx);
    expect(found).toMatchObject(params ? { code, params } : { code });
    // The schema is no second judge of everything, but it knows a wrong type when it sees one.
    const isLeft = () => isDeepStrictEqual(normalise(field, raw), raw) && !ajv.validate(valueSchema(field), raw);
    expect(code !== 'wrong_type' || isLeft()).toBe(true);
  });

  it.each(empty)('finds nothing in %j, unless something is required', (raw) => {
    const field = bad[0]!.field;
    const value = normalise(field, raw);
    expect(isEmpty(field, value)).toBe(true);
    expect(checkField(field, raw, ctx)).toBeNull();
    const demanded = kind === 'static' ? null : { code: 'required' };
    expect(checkField({ ...field, required: true }, raw, ctx)).toEqual(demanded);
    expect(formatValue(field, value, 'zh-CN', look)).toBe('');
    expect(maskValue(field, value, 'zh-CN', look)).toBe('');
    expect(parseCell(field, ' ', look)).toBeUndefined();
  });

  it('is published as its cases have it, and fills a column of the template', () => {
    for (const { field } of good) {
      const { key, kind: _kind, label: _label, ...own } = field;
      const rest = own.fields ? { fields: own.fields.map((each) => ({ ...each, label: field.label })) } : {};
      const content = {
        title: field.label,
        steps: [{ key: 'one', title: field.label, fields: [{ ...field, ...rest, key }] }],
      };
      expect(vetForm(content).filter(({ path }) => !path.includes('label'))).toEqual([]);
      expect(columnOf(field).width).toBeGreaterThan(0);
      for (const locale of ['zh-CN', 'en'] as const) expect(howToFill(field, locale)).not.toMatch(/[。.]$/);
    }
  });

  it('is counted in the groups of its dimension, and in none where it is sensitive', () => {
    for (const { field, value, groups: expected } of groups) {
      const found = groupsOf(field, value, 'zh-CN', look);
      expect(found.map(({ code, text }) => [code, text])).toEqual(expected);
      expect(groupsOf({ ...field, sensitive: true }, value, 'zh-CN', look)).toEqual([]);
      expect(groupsOf(field, undefined, 'zh-CN', look)).toEqual([]);
    }
  });

  it('never shows the middle of a sensitive value in its mask', () => {
    for (const { field, value, masked } of good) {
      if (!isSensitive(field)) continue;
      const secret =
        kind === 'address'
          ? (value as { detail: string }).detail
          : formatValue(field, value, 'en', look).split(' ').pop()!;
      const middle = secret.slice(Math.floor(secret.length / 2) - 1, Math.floor(secret.length / 2) + 2);
      expect(masked).not.toContain(middle);
    }
  });
});

it('has cases for every dimension of statistics, and for no other kind', () => {
  const has = (kind: FieldKind) => [kind, Boolean(CASES[kind].groups?.length)];
  expect(FIELD_KINDS.map(has)).toEqual(FIELD_KINDS.map((kind) => [kind, PROJECTIONS[kind].groups !== undefined]));
});

it('has a case for every code that a field can have', () => {
  const shown = new Set<string>(Object.values(CASES).flatMap(({ bad }) => bad.map(({ code }) => code)));
  expect(ANSWER_CODES.filter((code) => code !== 'required' && !shown.has(code))).toEqual([]);
});

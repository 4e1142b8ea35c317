import { isDeepStrictEqual } from 'node:util';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { CASES, CASES_TODAY, SAMPLE_REGIONS } from './cases/index.ts';
import { checkField, FIELD_KINDS, formatValue, isEmpty, isSensitive, normalise, type FieldKind } from './index.ts';
import { maskValue, parseCell, valueSchema } from './projections.ts';
import { ANSWER_CODES } from './codes.ts';

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const ajv = new Ajv({ strict: true });
addFormats(ajv);
const look = { regions: SAMPLE_REGIONS };
const ctx = { today: CASES_TODAY, ...look };
const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'undefined';

/** Values that are nothing, where more or fewer than a blank text are. */
const empties: Partial<Record<FieldKind, unknown[]>> = {
  checkbox: [undefined, null, '', [], ['']],
  document: [undefined, null, '', {}, { type: 'passport' }, { type: 'passport', number: ' ' }],
  address: [undefined, null, '', {}, { region: '', detail: ' ' }],
  consent: [undefined, null, '', false],
  static: [undefined],
};

describe.each(FIELD_KINDS)('%s', (kind) => {
  const { good, bad } = CASES[kind];

  it.each(good.map((each) => [show(each.raw), each] as const))('accepts %s everywhere alike', (_name, each) => {
    const { field, raw, value, text, masked, cells = [] } = each;
    expect(normalise(field, raw)).toEqual(value);
    expect(normalise(field, value)).toEqual(value);
    expect(checkField(field, raw, ctx)).toBeNull();
    expect(isEmpty(field, value)).toBe(false);
    expect(formatValue(field, value, 'zh-CN', look)).toBe(text);
    const written = [text, formatValue(field, value, 'en', look), formatValue(field, value, 'zh-CN'), ...cells];
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

  it.each(empties[kind] ?? [undefined, null, '', ' \u3000\n'])(
    'finds nothing in %j, unless something is required',
    (raw) => {
      const field = bad[0]!.field;
      const value = normalise(field, raw);
      expect(isEmpty(field, value)).toBe(true);
      expect(checkField(field, raw, ctx)).toBeNull();
      expect(checkField({ ...field, required: true }, raw, ctx)).toEqual(
        kind === 'static' ? null : { code: 'required' },
      );
      expect(formatValue(field, value, 'zh-CN', look)).toBe('');
      expect(maskValue(field, value, 'zh-CN', look)).toBe('');
      expect(parseCell(field, ' ', look)).toBeUndefined();
    },
  );

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

it('has a case for every code that a field can have', () => {
  const shown = new Set<string>(Object.values(CASES).flatMap(({ bad }) => bad.map(({ code }) => code)));
  expect(ANSWER_CODES.filter((code) => !shown.has(code))).toEqual(['required']);
});

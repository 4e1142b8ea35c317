import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASES, CASES_TODAY, SAMPLE_REGIONS } from './cases/index.ts';
import {
  checkDraft,
  checkField,
  checkForm,
  FIELD_KINDS,
  formatValue,
  isAsked,
  isEmpty,
  normalise,
  visibleFields,
  type Field,
  type FormContent,
} from './index.ts';
import { maskValue, parseCell } from './projections.ts';
import { vetForm } from './vet/index.ts';
import { healthDeclaration } from '../demo/healthDeclaration.ts';

const ctx = { today: CASES_TODAY, regions: SAMPLE_REGIONS };
const fieldsOfCases: Field[] = FIELD_KINDS.flatMap((kind) =>
  [...CASES[kind].good, ...CASES[kind].bad].map(({ field }) => field),
);
const anyField = fc.constantFrom(...new Set(fieldsOfCases));
const hostile = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
});
const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('１３８', '\u202d+86', '２０２４－１－１'),
);
const anyValue = fc.oneof(
  hostile,
  fc.jsonValue(),
  texts,
  fc.double(),
  fc.array(texts),
  fc.record({ type: texts, number: texts }, { requiredKeys: [] }),
  fc.record({ region: texts, detail: texts }, { requiredKeys: [] }),
  fc.record({ amount: fc.oneof(fc.double(), fc.integer(), texts), unit: fc.constantFrom('kg', 'jin', '', ' ') }),
  fc.dictionary(fc.constantFrom('clean', 'kind', 'x'), fc.constantFrom('1', '2', '', ' 1')),
);

describe('for any value of any field', () => {
  it('nothing throws, and normalising twice is normalising once', () => {
    fc.assert(
      fc.property(anyField, anyValue, (field, value) => {
        const once = normalise(field, value);
        expect(normalise(field, once)).toEqual(once);
        expect(checkField(field, value, ctx)).toEqual(checkField(field, once, ctx));
        expect(typeof isEmpty(field, value)).toBe('boolean');
        expect(typeof formatValue(field, value, 'en', ctx)).toBe('string');
        expect(typeof maskValue(field, value, 'zh-CN', ctx)).toBe('string');
      }),
      { numRuns: 3000 },
    );
  });

  it('what is accepted survives a cell of a workbook', () => {
    fc.assert(
      fc.property(anyField, anyValue, fc.constantFrom('zh-CN' as const, 'en' as const), (field, raw, locale) => {
        const value = normalise(field, raw);
        if (!isAsked(field) || isEmpty(field, value) || checkField(field, value, ctx)) return;
        expect(normalise(field, parseCell(field, formatValue(field, value, locale, ctx), ctx))).toEqual(value);
      }),
      { numRuns: 3000 },
    );
  });

  it('any cell parses to a value that can be judged', () => {
    fc.assert(
      fc.property(anyField, texts, (field, cell) => {
        const found = checkField(field, parseCell(field, cell, ctx), ctx);
        expect(found?.code).not.toBe('wrong_type');
      }),
      { numRuns: 3000 },
    );
  });
});

describe('for any answers', () => {
  const anyAnswers = fc.oneof(
    hostile,
    fc.dictionary(
      fc.oneof(
        texts,
        fc.constantFrom('__proto__', 'constructor', 'toString', 'name', 'symptoms', 'travelled', 'document'),
      ),
      anyValue,
    ),
  );

  it('a form is judged without throwing, and what it accepts it accepts again', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const checked = checkForm(healthDeclaration, answers, ctx);
        expect(checkForm(healthDeclaration, checked.answers, ctx).answers).toEqual(checked.answers);
        expect(Object.getPrototypeOf(checked.answers)).toBe(Object.prototype);
        const draft = checkDraft(healthDeclaration, answers, ctx);
        expect(checkDraft(healthDeclaration, draft.answers, ctx)).toEqual({ answers: draft.answers, issues: [] });
        if (typeof answers === 'object' && answers !== null)
          visibleFields(healthDeclaration, answers as Record<string, unknown>, ctx);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('for any JSON', () => {
  it('vetting a form does not throw, nor does checking against what it lets pass', () => {
    const broken = fc
      .tuple(fc.constantFrom(...paths(healthDeclaration)), fc.jsonValue())
      .map(([path, value]) => replaced(healthDeclaration, path, value));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), hostile, broken), (content) => {
        expect(vetForm(content).length > 0 || checkForm(content as FormContent, {}, ctx)).toBeTruthy();
      }),
      { numRuns: 2000 },
    );
  });
});

/** Every path into a JSON value. */
function paths(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, child]) => paths(child, [...at, key]))];
}

function replaced(value: unknown, path: string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...(value as object) };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

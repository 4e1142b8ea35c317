import { describe, expect, it } from 'vitest';
import { isoToText, serialToText } from './dates.ts';
import { numberCell, plainDecimal } from './numbers.ts';
import { dateFormatOf } from './styles.ts';

describe('number formats', () => {
  it.each([
    ['General', 'none'],
    ['G/通用格式', 'none'],
    ['0.00E+00', 'none'],
    ['#,##0.00_);[Red](#,##0.00)', 'none'],
    ['0"days"', 'none'],
    ['[$¥-804]#,##0', 'none'],
    ['@', 'none'],
    ['yyyy"年"m"月"d"日"', 'date'],
    ['yyyy年m月d日;@', 'date'],
    ['[$-F800]dddd, mmmm dd, yyyy', 'date'],
    ['yyyy\\-mm\\-dd\\ hh:mm:ss.000', 'date'],
    ['mmm', 'date'],
    ['h:mm AM/PM', 'time'],
    ['mm:ss.0', 'time'],
    ['上午/下午h"时"mm"分"', 'time'],
    ['[h]:mm:ss', 'elapsed'],
    ['[mm]:ss', 'elapsed'],
  ])('%s shows %s', (code, format) => expect(dateFormatOf(code)).toBe(format));
});

describe('dates', () => {
  it.each([
    [0, 'date', false, '00:00:00'],
    [0.999999, 'time', false, '1900-01-01'],
    [2_958_465, 'date', false, '9999-12-31'],
    [2_958_466, 'date', false, null],
    [2_957_003, 'date', true, '9999-12-31'],
    [2_957_004, 'date', true, null],
    [-0.5, 'date', false, null],
    [Number.NaN, 'date', false, null],
    [59.5, 'date', false, '1900-02-28 12:00:00'],
    [60.25, 'date', false, '1900-02-29 06:00:00'],
    [60, 'date', true, '1904-03-01'],
    [45_351.5, 'time', false, '2024-02-29 12:00:00'],
    [1.5, 'elapsed', true, '36:00:00'],
  ] as const)('%d as %s (1904: %s)', (serial, format, epoch1904, text) => {
    expect(serialToText(serial, format, epoch1904)).toBe(text);
  });

  it.each([
    ['2024-02-29', '2024-02-29'],
    ['2024-02-29T00:00', '2024-02-29'],
    ['2024-02-29T08:09:10.5Z', '2024-02-29 08:09:10'],
    ['T08:09', '08:09:00'],
    ['next week', 'next week'],
    ['', ''],
  ])('ISO %s', (value, text) => expect(isoToText(value)).toBe(text));
});

describe('numbers', () => {
  it.each([
    ['0', '0', false],
    ['-0', '0', false],
    ['007', '7', false],
    ['1.10', '1.1', false],
    ['.5', '0.5', false],
    [' 12 ', '12', false],
    ['0.30000000000000004', '0.30000000000000004', true],
    ['999999999999999', '999999999999999', false],
    ['-1000000000000000', '-1000000000000000', true],
    ['1E15', '1000000000000000', true],
    ['4.9E-324', `0.${'0'.repeat(323)}5`, false],
    ['-1.5e-10', '-0.00000000015', false],
  ])('%s is %s', (raw, text, lossy) => {
    expect(numberCell(raw)).toEqual(lossy ? { type: 'number', text, lossy } : { type: 'number', text });
  });

  it.each(['', 'x', '1e999', 'NaN', '0x10x'])('"%s" is no number', (raw) => expect(numberCell(raw).type).toBe('text'));

  it('has no exponent at any size', () => {
    expect(plainDecimal(1.7976931348623157e308)).toMatch(/^179769313486231570{292}$/);
    expect(plainDecimal(-1.25e-7)).toBe('-0.000000125');
  });
});

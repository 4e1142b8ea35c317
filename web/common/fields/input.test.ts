import { describe, expect, it } from 'vitest';
import { joinDay, splitDay } from './day.ts';
import { groupResidentId } from './document.ts';
import { digitsOf, groupPhone } from './phone.ts';
import { regionChain } from './regions.ts';

describe('what is typed', () => {
  it.each([
    ['138 0013 8000', '13800138000'],
    ['+86 138-0013-8000', '13800138000'],
    ['0086 13800138000', '13800138000'],
    ['１３８００１３８０００', '13800138000'],
    ['8613800138000', '8613800138000'],
  ])('phone %s', (typed, digits) => expect(digitsOf(typed)).toBe(digits));

  it('is shown in groups once it is whole, and as typed before', () => {
    expect(groupPhone('13800138000')).toBe('138 0013 8000');
    expect(groupPhone('138001')).toBe('138001');
    expect(groupResidentId('11010119900307401x')).toBe('110101 19900307 401X');
    expect(groupResidentId('110101 1990')).toBe('110101 1990');
  });
});

describe('a day of three numbers', () => {
  it('gets its zeros, and keeps what is missing missing', () => {
    expect(joinDay({ year: '1990', month: '3', day: '7' })).toBe('1990-03-07');
    expect(joinDay({ year: '1990', month: '', day: '' })).toBe('1990--');
    expect(joinDay({ year: '', month: '', day: '' })).toBe('');
  });

  it.each(['1990-03-07', '1990--', '-12-', '2024-10-30'])('%s comes back from its parts', (day) =>
    expect(joinDay(splitDay(day))).toBe(day),
  );
});

it('knows the regions above a code', () => {
  expect(regionChain('440305')).toEqual(['440000', '440300', '440305']);
  expect(regionChain('441900')).toEqual(['440000', '441900']);
  expect(regionChain('810000')).toEqual(['810000']);
  expect(regionChain('')).toEqual([]);
});

import { isDay } from './days.ts';
import type { Fault } from './types.ts';
import { fault } from './kinds/kind.ts';

/** The resident identity number of GB 11643: region (6), birth date (8), sequence (3, odd for men), check character. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';
/** Provinces, and the prefixes of the residence permits of Hong Kong, Macau and Taiwan residents. */
const PROVINCE = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/;

/** The check character of the first seventeen digits. */
export function residentIdCheck(digits: string): string {
  let sum = 0;
  for (let at = 0; at < 17; at += 1) sum += WEIGHTS[at]! * (digits.charCodeAt(at) - 48);
  return CHECKS.charAt(sum % 11);
}

const birthDateOf = (number: string): string =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;

/** What is wrong with a number; the likeliest slip first, since a wrong digit in the date breaks the check as well. */
export function checkResidentId(number: string, today: string): Fault | null {
  if (number.length !== 18) return fault('id_length', { length: number.length });
  if (!/^\d{17}[\dX]$/.test(number)) return fault('id_invalid');
  if (!PROVINCE.test(number)) return fault('id_region');
  const birthDate = birthDateOf(number);
  if (!isDay(birthDate) || birthDate > today) return fault('id_birth_date');
  return residentIdCheck(number) === number[17] ? null : fault('id_checksum');
}

export interface ResidentIdFacts {
  /** `YYYY-MM-DD`. */
  birthDate: string;
  gender: 'male' | 'female';
}

/** What a number says about its holder; undefined when it is not a possible number. */
export function residentIdFacts(number: string): ResidentIdFacts | undefined {
  if (checkResidentId(number, '9999-12-31')) return undefined;
  return { birthDate: birthDateOf(number), gender: Number(number[16]) % 2 === 1 ? 'male' : 'female' };
}

import { describe, expect, it } from 'vitest';
import { makeFirstPassword, verifyNothing, verifyPassword, hashPassword } from '../accounts/index.ts';
import { COMMON_PASSWORDS } from './common-passwords.data.ts';
import { createPasswordPolicy } from './password.policy.ts';

const mlps = createPasswordPolicy('mlps');
const asvs = createPasswordPolicy('asvs');
const verdict = (policy: typeof mlps, password: string) => policy.check(password, 'li.lei').length === 0;

/** password, good for mlps, good for asvs */
const TABLE: [string, boolean, boolean][] = [
  ['Kx7-vurpal-Mot9', true, true],
  ['correct horse battery staple', false, true],
  ['Correct-horse-battery-7', true, true],
  ['梅花香自苦寒来Ab7', true, true],
  ['梅花香自苦寒来宝剑', false, true],
  ['zUv8#qLm2$', true, true],
  ['zUv8#qLm', false, true],
  ['zUv8#qL', false, false],
  ['Password123!', false, false],
  ['P@ssw0rd2026', false, false],
  ['Admin@2026!!', false, false],
  ['Dengji-2026!', false, false],
  ['qwertyuiop', false, false],
  ['Qwertyuiop1!', false, false],
  ['1qaz2wsx3edc', false, false],
  ['!QAZ2wsx#EDC', true, true],
  ['1234567890aB', false, false],
  ['abcdefghijkl', false, false],
  ['aaaaaaaaaaaa', false, false],
  ['AAAAaaaa1111', false, false],
  ['19850607', false, false],
  ['1985-06-07Li', false, false],
  ['Li.Lei-2026-xyz', false, false],
  ['xxLI.LEIxx99!', false, false],
  ['woaini1314520', false, false],
  ['iloveyou', false, false],
  ['Sunshine2026!', false, false],
  ['sunflowerbicycle', false, true],
  ['x'.repeat(64), false, false],
  ['Tz4 '.repeat(2) + 'river umbrella 77', true, true],
];

describe('control 4: password policy', () => {
  it.each(TABLE)('%s: mlps %s, asvs %s', (password, goodForMlps, goodForAsvs) => {
    expect([verdict(mlps, password), verdict(asvs, password)]).toEqual([goodForMlps, goodForAsvs]);
  });

  it('takes 64 and 128 characters, refuses 129', () => {
    const long =
      'Ungewöhnlich lange Sätze 42 merkt man sich leichter als man glaubt, auch ohne Sonderzeichen; jeder Satz zählt viel mehr hier dran';
    for (const length of [64, 128]) expect(verdict(mlps, long.slice(0, length))).toBe(true);
    expect(mlps.check(`${long}xx`.slice(0, 129), 'li.lei').map(({ code }) => code)).toEqual(['too_long']);
  });

  it('refuses all of the 5,000 most common ones, in any capitals, with digits behind', () => {
    expect(COMMON_PASSWORDS.length).toBeGreaterThanOrEqual(3000);
    for (const common of COMMON_PASSWORDS) {
      expect(verdict(asvs, common)).toBe(false);
      expect(verdict(asvs, common.toUpperCase())).toBe(false);
    }
    for (const common of COMMON_PASSWORDS.filter((word) => /^[a-z]{6,}$/.test(word)).slice(0, 1000)) {
      expect(verdict(mlps, `${common[0]!.toUpperCase()}${common.slice(1)}@2026`)).toBe(false);
    }
  });

  it('first passwords pass both profiles, 500 of 500, without repeat', () => {
    const made = new Set(Array.from({ length: 500 }, makeFirstPassword));
    expect(made.size).toBe(500);
    for (const password of made) {
      expect(password).toMatch(/^[a-zA-Z2-9]{20}$/);
      expect(password).not.toMatch(/[0O1lIo]/);
      expect([verdict(mlps, password), verdict(asvs, password)]).toEqual([true, true]);
    }
  });
});

it('hashes are salted, and verifying nothing is a no', async () => {
  const [one, two] = await Promise.all([hashPassword('same'), hashPassword('same')]);
  expect(one).not.toBe(two);
  expect(await verifyPassword(one, 'same')).toBe(true);
  expect(await verifyPassword(one, 'other')).toBe(false);
  expect(await verifyPassword('broken', 'same')).toBe(false);
  expect(await verifyNothing('same')).toBe(false);
});

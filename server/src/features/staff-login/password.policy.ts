import type { Fault } from '../../../shared/fields/types.ts';
import { COMMON_PASSWORDS } from './common-passwords.data.ts';
import { spellings, surprise } from './password.simple.ts';

export type PasswordProfile = 'mlps' | 'asvs';

/** `classes`: of small letters, capitals, digits and others, how many must be there. */
const RULES: Record<PasswordProfile, { min: number; classes: number }> = {
  mlps: { min: 10, classes: 3 },
  asvs: { min: 8, classes: 0 },
};
export const MAX_PASSWORD_LENGTH = 128;

/** What is guessed first at this very system. */
const HOUSE_WORDS = [
  'dengji',
  'admin',
  'administrator',
  'superadmin',
  'woaini',
  'beijing',
  'zhongguo',
  'test',
  'huawei',
  'password',
];
const MIN_SURPRISE = 5;

/**
 * Judges new passwords. Both profiles take up to 128 characters of any kind, refuse the 5,000 most common passwords (also
 * written in leet, or with digits and signs around them), patterns (walks on the keyboard, repeated characters, dates) and
 * the account's name. `mlps` (GB/T 22239 level 3) also asks for ten characters of three classes; `asvs` (OWASP) asks for
 * eight and for no composition. Not covered: leaked passwords beyond the list, and words of other languages.
 */
export function createPasswordPolicy(profile: PasswordProfile) {
  const { min, classes } = RULES[profile];
  const common = new Set([...COMMON_PASSWORDS, ...HOUSE_WORDS]);
  return {
    /** Everything that is wrong with a password of this account; empty when it may be used. */
    check(password: string, name: string): Fault[] {
      const faults: Fault[] = [];
      const length = [...password].length;
      if (length < min) faults.push({ code: 'too_short', params: { min } });
      if (length > MAX_PASSWORD_LENGTH) faults.push({ code: 'too_long', params: { max: MAX_PASSWORD_LENGTH } });
      if (classesOf(password) < classes) faults.push({ code: 'password_classes', params: { min: classes } });
      if (password.toLowerCase().includes(name.toLowerCase())) faults.push({ code: 'password_name' });
      if (spellings(password).some((word) => common.has(word))) faults.push({ code: 'password_common' });
      else if (surprise(password) < MIN_SURPRISE) faults.push({ code: 'password_simple' });
      return faults;
    },
  };
}

const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];
const classesOf = (password: string): number => CLASSES.filter((one) => one.test(password)).length;

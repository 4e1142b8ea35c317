import type { AccountCode } from '../account-codes.ts';

/** What is wrong with a new password, and what to do. For staff. */
const texts: Record<AccountCode, string> = {
  password_classes: 'Use at least {min} of these: small letters, capitals, digits, other characters',
  password_common: 'This password is one of those that are guessed first. Please choose another one',
  password_simple: 'This password is a simple pattern. Please choose one that is harder to guess',
  password_name: 'The password can’t contain the account’s name',
  password_used: 'This password was used before. Please choose a new one',
};
export default texts;

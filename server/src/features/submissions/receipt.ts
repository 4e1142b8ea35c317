import { randomInt } from 'node:crypto';
import { shanghaiDay } from '../../infra/clock/index.ts';

/** Digits and letters that can't be taken for one another, read aloud or written by hand. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A number to read out over the phone: the day and eight random letters, `20261121-7K3M-9QXA`. */
export function receiptNumber(now: Date): string {
  const random = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${shanghaiDay(now).replaceAll('-', '')}-${random.slice(0, 4)}-${random.slice(4)}`;
}

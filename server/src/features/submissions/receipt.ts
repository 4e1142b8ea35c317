import { randomInt } from 'node:crypto';
import { shanghaiDay } from '../../infra/clock/index.ts';

/** Digits and letters that can't be taken for one another, read aloud or written by hand. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Four random letters. */
function group(): string {
  let number = randomInt(LETTERS.length ** 4);
  let letters = '';
  for (let i = 0; i < 4; i += 1) {
    letters += LETTERS[number % LETTERS.length];
    number = Math.floor(number / LETTERS.length);
  }
  return letters;
}

/** Numbers to read out over the phone: the day and eight random letters, `20261121-7K3M-9QXA`. */
export function createReceiptNumbers(): (now: Date) => string {
  let at = NaN;
  let day = '';
  return (now) => {
    // An import asks for a million of them at very few moments.
    if (now.getTime() !== at) [at, day] = [now.getTime(), shanghaiDay(now).replaceAll('-', '')];
    return `${day}-${group()}-${group()}`;
  };
}

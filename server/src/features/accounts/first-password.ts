import { randomInt } from 'node:crypto';

/** Without characters that are taken for another: 0 O o 1 l I. */
const SETS = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789'] as const;
const ALL = SETS.join('');
const LENGTH = 20;

/** A random first password to be read from a screen or paper: 20 characters, about 115 bits, at least one of each set. */
export function makeFirstPassword(): string {
  for (;;) {
    const password = Array.from({ length: LENGTH }, () => ALL[randomInt(ALL.length)]!).join('');
    if (SETS.every((set) => [...password].some((character) => set.includes(character)))) return password;
  }
}

import type { Claims } from './submissions.verdict.ts';

const FIRST_SIZE = 1 << 12;

/**
 * The unique keys that the rows of a whole file have taken, for a check that writes nothing: 64 bits of each (they are
 * HMACs, so any of their bits will do), in a hash table without chains. A million keys take 16 MB at most; that two of
 * them meet has a chance of 1 in 30 million.
 */
export function createClaims(): Claims {
  let mask = FIRST_SIZE - 1;
  let cells = new BigUint64Array(FIRST_SIZE);
  let used = 0;

  /** Where a number is, or would be. 0 marks an empty cell. */
  const place = (table: BigUint64Array, bound: number, number: bigint): number => {
    let at = Number(number & BigInt(bound));
    while (table[at] !== 0n && table[at] !== number) at = (at + 1) & bound;
    return at;
  };
  const numberOf = (key: string): bigint => Buffer.from(key.slice(0, 11), 'base64url').readBigUInt64LE(0) || 1n;

  function grow(): void {
    const bound = cells.length * 2 - 1;
    const next = new BigUint64Array(cells.length * 2);
    for (const number of cells) if (number !== 0n) next[place(next, bound, number)] = number;
    [cells, mask] = [next, bound];
  }

  return {
    get: (key) => (cells[place(cells, mask, numberOf(key))] === 0n ? undefined : null),
    set(key) {
      const at = place(cells, mask, numberOf(key));
      if (cells[at] !== 0n) return;
      cells[at] = numberOf(key);
      used += 1;
      if (used * 2 > cells.length) grow();
    },
  };
}

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHmacSha256 } from './hmac.ts';
import { CipherError, createCipher, randomDigits, randomId } from './index.ts';

const key = (fill: number) => Buffer.alloc(32, fill);
const indexKey = key(9);
const older = createCipher({ dataKeys: { current: 'k1', keys: { k1: key(1) } }, indexKey });
const newer = createCipher({ dataKeys: { current: 'k2', keys: { k1: key(1), k2: key(2) } }, indexKey });

describe('control 43: sealing', () => {
  it('opens what it sealed, never the same twice', () => {
    for (const plain of ['', 'a', '张三 👩‍👩‍👧', '\u0000', 'x'.repeat(100_000)]) {
      const sealed = older.seal(plain, 'c');
      expect(sealed).toMatch(/^k1\.[A-Za-z0-9_-]+$/);
      expect(older.open(sealed, 'c')).toBe(plain);
      expect(older.seal(plain, 'c')).not.toBe(sealed);
    }
    expect(older.openJson(older.sealJson({ a: [1, null, '二'] }, 'c'), 'c')).toEqual({ a: [1, null, '二'] });
  });

  it('rotates: seals with the new key, opens both', () => {
    expect(newer.keyId).toBe('k2');
    expect(newer.open(older.seal('old', 'c'), 'c')).toBe('old');
    const sealed = newer.seal('new', 'c');
    expect(sealed.startsWith('k2.')).toBe(true);
    expect(newer.open(sealed, 'c')).toBe('new');
    expect(() => older.open(sealed, 'c')).toThrow(CipherError);
  });

  it('refuses every flipped bit, every cut, another context and another key id', () => {
    const [id, body = ''] = newer.seal('11010519491231002X', 'person.document:1').split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => newer.open(`${id}.${changed.toString('base64url')}`, 'person.document:1'), `bit ${bit}`).toThrow(
        CipherError,
      );
    }
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => newer.open(`${id}.${bytes.subarray(0, length).toString('base64url')}`, 'person.document:1')).toThrow(
        CipherError,
      );
    }
    const sealed = `${id}.${body}`;
    expect(() => newer.open(sealed, 'person.document:2')).toThrow(CipherError);
    for (const bad of [
      `k1.${body}`,
      `k3.${body}`,
      `.${body}`,
      body,
      '',
      `${sealed}A`,
      `${sealed}=`,
      `${sealed} `,
      `k2.!${body}`,
    ]) {
      expect(() => newer.open(bad, 'person.document:1'), bad).toThrow(CipherError);
    }
  });

  it('does the same for bytes', () => {
    const sealed = older.sealBytes(Buffer.from([0, 1, 255]), 'f');
    expect(newer.openBytes(sealed, 'f')).toEqual(Buffer.from([0, 1, 255]));
    expect(() => newer.openBytes(sealed, 'g')).toThrow(CipherError);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => newer.openBytes(changed, 'f'), `byte ${at}`).toThrow(CipherError);
    }
    expect(() => newer.openBytes(Buffer.alloc(0), 'f')).toThrow(CipherError);
  });

  it('refuses keys of another size, or no current key', () => {
    expect(() => createCipher({ dataKeys: { current: 'k1', keys: { k1: Buffer.alloc(16) } }, indexKey })).toThrow(
      CipherError,
    );
    expect(() => createCipher({ dataKeys: { current: 'k1', keys: {} }, indexKey })).toThrow(CipherError);
    expect(() =>
      createCipher({ dataKeys: { current: 'k1', keys: { k1: key(1) } }, indexKey: Buffer.alloc(31) }),
    ).toThrow(CipherError);
  });
});

describe('the blind index', () => {
  it('is stable over rotation, differs by purpose, value and key', () => {
    const at = older.index('person.phone', '13812345678');
    expect(at).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(newer.index('person.phone', '13812345678')).toBe(at);
    expect(older.index('person.document', '13812345678')).not.toBe(at);
    expect(older.index('person.phone', '13812345679')).not.toBe(at);
    const other = createCipher({ dataKeys: { current: 'k1', keys: { k1: key(1) } }, indexKey: key(8) });
    expect(other.index('person.phone', '13812345678')).not.toBe(at);
  });
});

describe('random values', () => {
  it('ids have 128 bits or more and no two are equal', () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => randomId()));
    expect(ids.size).toBe(10_000);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(randomId(32)).toHaveLength(43);
    expect(randomId(1)).toHaveLength(22);
  });

  it('digits are uniform at every place (chi-square over 10,000 codes)', () => {
    const places = Array.from({ length: 6 }, () => Array.from({ length: 10 }, () => 0));
    for (let i = 0; i < 10_000; i += 1) {
      const code = randomDigits(6);
      expect(code).toHaveLength(6);
      [...code].forEach((digit, place) => {
        const counts = places[place] as number[];
        counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
      });
    }
    // 9 degrees of freedom: 40 is passed by chance once in 130,000 times a place.
    for (const counts of places)
      expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(40);
  });
});

describe('HMAC-SHA-256', () => {
  it('is what Node computes, for texts of any length and alphabet', () => {
    const texts = [
      ...Array.from({ length: 300 }, (_, length) => 'x'.repeat(length)),
      ...[
        '',
        '身份证',
        '👩‍👩‍👧',
        '\u0000',
        '\ud800',
        'é'.repeat(5_000),
        '深'.repeat(2_730),
        '深'.repeat(2_731),
        'y'.repeat(1e6),
      ],
    ];
    for (const bytes of [0, 1, 32, 63, 64]) {
      const secret = Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 37 + 200) & 0xff));
      const hash = createHmacSha256(secret);
      for (const text of texts)
        expect(hash(text)).toBe(createHmac('sha256', secret).update(text, 'utf8').digest('base64url'));
    }
    expect(() => createHmacSha256(Buffer.alloc(65))).toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createContentHash } from './canonical.mjs';
import { splitDocuments, timestampIn } from './bson.mjs';
import { BSON } from './mongo.mjs';

const collect = (source) => Readable.from(source).toArray();
const bytes = (document) => Buffer.from(BSON.serialize(document));
function sumOf(documents) {
  const content = createContentHash();
  for (const one of documents) content.add(bytes(one));
  return content.sum();
}

/** One of every type of BSON. */
const everyType = {
  double: new BSON.Double(1.5),
  text: '张三',
  document: { b: 1, a: { d: 1, c: 2 } },
  list: [1, { y: 1, x: 2 }, 'three'],
  binary: new BSON.Binary(Buffer.from('bytes')),
  uuid: new BSON.UUID(),
  id: new BSON.ObjectId(),
  yes: true,
  day: new Date(0),
  nothing: null,
  pattern: /a+/i,
  code: new BSON.Code('x'),
  scoped: new BSON.Code('x', { b: 1, a: 2 }),
  symbol: new BSON.BSONSymbol('s'),
  int: 7,
  time: new BSON.Timestamp({ t: 5, i: 6 }),
  long: BSON.Long.fromString('9007199254740993'),
  decimal: BSON.Decimal128.fromString('0.1'),
  min: new BSON.MinKey(),
  max: new BSON.MaxKey(),
};

const values = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
);
const key = fc
  .string({ minLength: 1, maxLength: 4 })
  .filter((name) => !name.includes('\0') && !/^\d+$|^\$|^__proto__$/.test(name));
const document = fc.letrec((tie) => ({
  document: fc
    .array(fc.tuple(key, fc.oneof({ maxDepth: 3 }, values, tie('document'), fc.array(values, { maxLength: 4 }))), {
      maxLength: 12,
    })
    .map((pairs) => new Map(pairs)),
})).document;

/** The same document with its fields in another order, in every depth. */
const turned = (one) =>
  one instanceof Map ? new Map([...one].toReversed().map(([name, value]) => [name, turned(value)])) : one;

describe('hash of a collection', () => {
  it('does not depend on the order of documents and fields', () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 5 }), (documents) => {
        const same = sumOf(documents.toReversed().map(turned));
        expect(same).toBe(sumOf(documents));
      }),
      { numRuns: 300 },
    );
    const backwards = Object.fromEntries(Object.entries(everyType).toReversed());
    expect(sumOf([backwards])).toBe(sumOf([everyType]));
  });

  it('changes with every value, with the order of a list, and with a lost or doubled document', () => {
    const sums = new Set([sumOf([]), sumOf([everyType]), sumOf([everyType, everyType]), sumOf([everyType, {}])]);
    for (const name of Object.keys(everyType)) {
      sums.add(sumOf([{ ...everyType, [name]: 'other' }]));
      const { [name]: _left, ...rest } = everyType;
      sums.add(sumOf([rest]));
    }
    sums.add(sumOf([{ ...everyType, list: everyType.list.toReversed() }]));
    sums.add(sumOf([{ ...everyType, document: { a: { d: 1, c: 3 }, b: 1 } }]));
    expect(sums.size).toBe(4 + 2 * Object.keys(everyType).length + 2);
  });

  it('carries over all its words', () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ({ _id: n }));
    const whole = BigInt(`0x${sumOf(many)}`);
    const parts = many.reduce((sum, one) => sum + BigInt(`0x${sumOf([one])}`), 0n);
    expect(whole).toBe(parts % 2n ** 256n);
  });

  it('takes documents of any length', () => {
    const long = { a: 'x'.repeat(3_000_000), b: Array.from({ length: 10_000 }, (_, n) => ({ n, m: -n })) };
    expect(sumOf([long])).toBe(sumOf([{ b: long.b.map(({ n, m }) => ({ m, n })), a: long.a }]));
  });
});

describe('BSON', () => {
  it('is split into documents wherever a chunk ends', async () => {
    const documents = [everyType, {}, { a: 1 }, everyType].map(bytes);
    const all = Buffer.concat(documents);
    for (const size of [1, 3, 64, all.length]) {
      const chunks = [];
      for (let at = 0; at < all.length; at += size) chunks.push(all.subarray(at, at + size));
      expect(await collect(splitDocuments(chunks))).toEqual(documents);
    }
    await expect(collect(splitDocuments([all.subarray(0, -1)]))).rejects.toThrow('cut off');
  });

  it('tells a timestamp of its top level', () => {
    expect(
      timestampIn(
        bytes({ ...everyType, o: { ts: new BSON.Timestamp({ t: 1, i: 1 }) }, ts: new BSON.Timestamp({ t: 8, i: 9 }) }),
        'ts',
      ),
    ).toMatchObject({ t: 8, i: 9 });
    expect(() => timestampIn(bytes({ ts: 5 }), 'ts')).toThrow('no timestamp ts');
  });
});

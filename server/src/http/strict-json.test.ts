import { describe, expect, it } from 'vitest';
import type { Problem } from './problem.ts';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string | Uint8Array) =>
  parseStrictJson(typeof text === 'string' ? new TextEncoder().encode(text) : text);
const faultOf = (text: string | Uint8Array) => {
  try {
    parse(text);
  } catch (err) {
    return (err as Problem).details.issues?.[0];
  }
  return 'accepted';
};

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads', () => {
    for (const text of [
      '{"a":[1,{"b":"x\\"y\\\\"},[]],"c":null}',
      '"a,b:{"',
      '[]',
      '12.5',
      '{"名":"值","é":"\\u0000"}',
    ]) {
      expect(parse(text)).toEqual(JSON.parse(text));
    }
  });

  it.each([
    ['{"a":1,"a":2}', 'a', 'duplicate_parameter'],
    ['{"a":{"b":[{"c":1},{"d":1,"\\u0064":2}]}}', 'a.b.1.d', 'duplicate_parameter'],
    ['{"x":{"__proto__":{"y":1}}}', 'x.__proto__', 'forbidden_key'],
    ['{"constructor":{"prototype":{}}}', 'constructor', 'forbidden_key'],
    ['{"a":[0,{"$gt":""}]}', 'a.1.$gt', 'forbidden_key'],
    ['{"a.b":1}', 'a.b', 'forbidden_key'],
    ['{"a":', '', 'bad_json'],
  ])('control 27, 28, 29: refuses %s at %s', (text, path, code) => {
    expect(faultOf(text)).toMatchObject({ path, code });
    expect(({} as Record<string, unknown>)['y']).toBeUndefined();
  });

  it('refuses what is too deep, too wide or not UTF-8', () => {
    expect(faultOf('['.repeat(21) + ']'.repeat(21))).toMatchObject({ code: 'too_deep' });
    expect(
      faultOf(JSON.stringify(Object.fromEntries(Array.from({ length: 5001 }, (_, i) => [`k${i}`, 1])))),
    ).toMatchObject({ code: 'too_many_items' });
    expect(faultOf(new Uint8Array([0x22, 0xff, 0x22]))).toMatchObject({ code: 'bad_encoding' });
  });
});

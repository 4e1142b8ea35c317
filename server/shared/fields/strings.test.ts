import { expect, it } from 'vitest';
import { hasBadCharacters, lengthOf, lines, oneLine } from './strings.ts';

/** Every UTF-16 unit, alone and between others. */
const texts = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).flatMap((one) => [
  one,
  `a${one} 中`,
  `é${one}\u0301`,
]);

it('the short cut for plain texts changes nothing', () => {
  const differing = texts.filter(
    (text) =>
      oneLine(text) !==
        text
          .normalize('NFC')
          .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
          .trim() ||
      lines(text) !==
        text
          .normalize('NFC')
          .replace(/\r\n?|[\u2028\u2029]/g, '\n')
          .trim() ||
      hasBadCharacters(text) !== /[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]|[\ud800-\udfff]/u.test(text),
  );
  expect(differing).toEqual([]);
});

it('a text is as long as it has characters, halves of a pair each for itself', () => {
  const pairs = [
    '𠮷',
    '𠮷𠮷',
    '\ud842\ud842\udfb7',
    '\ud842\udfb7\udfb7',
    '\udfb7\ud842',
    'a𠮷\ud842',
    '\ud842a\udfb7',
  ];
  expect([...texts, ...pairs].filter((text) => lengthOf(text) !== [...text].length)).toEqual([]);
});

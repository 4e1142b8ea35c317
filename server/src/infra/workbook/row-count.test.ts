import { expect, it } from 'vitest';
import { RowCount } from './row-count.ts';

const count = (...pieces: string[]): number => {
  const counter = new RowCount();
  for (const piece of pieces) counter.feed(Buffer.from(piece));
  return counter.rows;
};

it('counts rows by their closing tags, also with a prefix, and none that holds no cell', () => {
  expect(count('<row r="1"><c r="A1"/></row><row r="2"/><x:row r="3"><x:c/></x:row><arrow></arrow>')).toBe(2);
  expect(count('')).toBe(0);
});

it('counts each once, wherever the pieces are cut', () => {
  const text = '<row r="1"><c/></row><row r="2"><c/></row>w></row>';
  for (let a = 0; a <= text.length; a += 1)
    for (let b = a; b <= text.length; b += 1)
      expect(count(text.slice(0, a), text.slice(a, b), text.slice(b)), `${a}, ${b}`).toBe(3);
  expect(count(...text)).toBe(3);
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isPlace, readEntry, readResult } from './fragment.ts';

interface Fixture {
  entries: { fragment: string; means: object }[];
  results: { fragment: string; means: object }[];
}
const NONCE = '0123456789abcdef0123456789abcdef';
const fixture = (contract: number): Fixture =>
  JSON.parse(
    readFileSync(new URL(`../../../miniapp/contract/fixtures/shell-${contract}.json`, import.meta.url), 'utf8'),
  ) as Fixture;

it.each([1, 2])('understands what a shell of contract %i says', (contract) => {
  const { entries, results } = fixture(contract);
  expect(entries.map(({ fragment }) => readEntry(`#${fragment}`))).toEqual(entries.map(({ means }) => means));
  expect(results.map(({ fragment }) => readResult(`#${fragment}`))).toEqual(results.map(({ means }) => means));
});

it('an entry without a ticket is a stranger’s', () => {
  expect(readEntry(`#n=${NONCE}&s=2`)).toMatchObject({ ticket: '', nonce: NONCE });
});

it('ignores what the contract does not know', () => {
  const ok = `r=scan&n=${NONCE}&ok=1&d=x`;
  const strange = [
    ...['', '#', '#/forms/a', '#main', '#t', '#=', '#t=a&t=b', `#n=${NONCE.toUpperCase()}`, '#n=%E0%A4%A'],
    ...[`#${ok}&d=y`, `#${ok.replace('scan', 'pay')}`, `#${ok.replace('ok=1', 'ok=2')}`, `#r=scan&n=1&ok=1&d=x`],
    ...[`#r=scan&n=${NONCE}&ok=0&e=other`, `#r=scan&n=${NONCE}&ok=1&d=${'x'.repeat(8001)}`, `#__proto__=1&${ok}`],
    ...[`#t=<script>&n=${NONCE}`, `#t=short&n=${NONCE}`, `#t=${'x'.repeat(201)}&n=${NONCE}`],
  ];
  for (const fragment of strange) expect([fragment, readResult(fragment)]).toEqual([fragment, null]);
  for (const fragment of strange) expect([fragment, readEntry(fragment)]).toEqual([fragment, null]);
  expect(readEntry(`#${ok}`)).toBe(null);
});

it('leads to places inside the page only', () => {
  for (const place of ['/', '/forms/health', '/forms/health/steps/person', '/submissions/'])
    expect(isPlace(place), place).toBe(true);
  const elsewhere = [
    ...['', '//evil.cn', '/\\evil.cn', 'https://evil.cn', 'javascript:alert(1)', '/a//b', '/a?b=c', '/%2F%2Fevil.cn'],
    ...['/a/../b', '/a.b', `/${'a'.repeat(65)}`, '/a/a/a/a/a/a/a/a/a', ' /a', '/a\n'],
  ];
  for (const place of elsewhere) expect(isPlace(place), place).toBe(false);
  for (const place of elsewhere)
    expect(readEntry(`#n=${NONCE}&to=${encodeURIComponent(place)}`)!.place, place).toBe('');
});

import { describe, expect, it } from 'vitest';
import type { FormContent } from '../../../shared/fields/index.ts';
import { isPlain, vetPatterns } from './patterns.ts';

const formOf = (...patterns: string[]): FormContent => ({
  title: { 'zh-CN': '表' },
  steps: [
    {
      key: 'one',
      title: { 'zh-CN': '一' },
      fields: patterns.map((pattern, at) => ({ key: `f${at}`, kind: 'text', label: { 'zh-CN': '字' }, pattern })),
    },
  ],
});

describe('control 30: patterns that can hang', () => {
  it('are refused at their places, in a thread of their own', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 20);
    const issues = await vetPatterns(formOf('(a+)+', '\\d{6}', '(\\w+\\s?)*!', '(?:[A-Z]{2}\\d{4}|[a-z]+-\\d+-\\d+)'));
    clearInterval(timer);
    expect(issues).toEqual([
      { path: 'steps.0.fields.0.pattern', code: 'pattern_slow' },
      { path: 'steps.0.fields.2.pattern', code: 'pattern_slow' },
    ]);
    // The event loop went on while the thread was judging.
    expect(ticks).toBeGreaterThan(5);
  });

  it('are not looked for in plain ones', async () => {
    const plain = ["[\\p{L}\\p{M}·.' -]+", '\\d{6}', '(?:A|B)[0-9(){}+*?]{2,8}', '\\(\\d+\\)', '(?<year>\\d{4})-\\d+'];
    expect(plain.filter((pattern) => !isPlain(pattern))).toEqual([]);
    expect(await vetPatterns(formOf(...plain))).toEqual([]);
    expect(['(a+)+', '(a|a)*', '(?:x{2,3}){4}', 'a?a?a?', '(\\w+)?'].filter(isPlain)).toEqual([]);
  });

  it('that are taken for plain end at once on the worst text', () => {
    for (const [pattern, text] of [
      ['a*a*', `${'a'.repeat(999)}!`],
      ['.+x.+', 'x'.repeat(1000) + '\n'],
      ['\\w+\\d{0,999}', '1'.repeat(999) + '!'],
    ] as const) {
      expect(isPlain(pattern)).toBe(true);
      const begun = performance.now();
      new RegExp(`^(?:${pattern})$`, 'u').test(text);
      expect(performance.now() - begun).toBeLessThan(100);
    }
  });
});

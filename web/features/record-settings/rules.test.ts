import { describe, expect, it } from 'vitest';
import { CHOICES, choiceOf, withChoice } from './rules.ts';

describe('rules of fields, as one chooses them', () => {
  it('every choice comes back as it was made', () => {
    for (const choice of CHOICES)
      expect(choiceOf(withChoice([], 'viewer', 'name', choice), 'viewer', 'name')).toBe(choice);
  });

  it('is no rule where nothing is restricted', () => {
    const rules = withChoice([], 'viewer', 'name', 'hide');
    expect(withChoice(rules, 'viewer', 'name', 'free')).toEqual([]);
  });

  it('says "as usual" of a role where the others are restricted', () => {
    const rules = withChoice([], '*', 'name', 'hide');
    expect(withChoice(rules, 'viewer', 'name', 'free')).toEqual([
      { role: '*', field: 'name', see: 'hide', write: false },
      { role: 'viewer', field: 'name', see: 'show', write: true },
    ]);
  });
});

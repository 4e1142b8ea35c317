import { describe, expect, it } from 'vitest';
import type { Field, FormContent } from '../../../../server/shared/fields/types.ts';
import { diffForms } from '../../../../server/shared/forms/diff.ts';
import type { Mapping } from '../../../../server/shared/forms/mappings.ts';
import { vetMappings } from '../../../../server/shared/forms/vet-mappings.ts';
import { choose, giveDefault, proposeMappings, unshown, wayOf, waysOf, type Way } from './mapping-ways.ts';

const text = (zh: string) => ({ 'zh-CN': zh });
const option = (code: string, label = code) => ({ code, label: text(label) });
const form = (fields: (Partial<Field> & { key: string })[]): FormContent => ({
  title: text('表'),
  steps: [
    {
      key: 'one',
      title: text('一'),
      fields: fields.map((field) => ({ kind: 'text', label: text(field.key), ...field }) as Field),
    },
  ],
});
/** The ways of every change that has any, by what it is about. */
const offered = (before: FormContent, after: FormContent, mappings: Mapping[] = []): Record<string, Way[]> =>
  Object.fromEntries(
    diffForms(before, after)
      .map((change) => [change.key, waysOf(change, { before, after, mappings })] as const)
      .filter(([, ways]) => ways.length > 0),
  );
const group = (key: string, ...inner: string[]) => ({
  key,
  kind: 'group' as const,
  fields: inner.map((name) => ({ key: name, kind: 'text', label: text(name) }) as Field),
});

describe('what can be chosen', () => {
  it('is another field for answers that nobody asks for any more, of their place and depth only', () => {
    const before = form([{ key: 'a' }, { key: 'b' }, { key: 'kept' }, group('people', 'x', 'y')]);
    const after = form([
      { key: 'kept' },
      { key: 'c', label: text('丙') },
      { key: 'd' },
      { key: 'note', kind: 'static' },
      group('people', 'x', 'z'),
    ]);
    expect(offered(before, after)).toEqual({
      a: ['to:c', 'to:d', 'split', 'merge'],
      b: ['to:c', 'to:d', 'split', 'merge'],
      'people.y': ['to:people.z'],
    });
    expect(offered(before, after, [{ op: 'rename', from: 'a', to: 'c' }])['b']).toEqual(['to:d']);
  });

  it('is another option, or none, for an option that is gone', () => {
    const before = form([{ key: 'way', kind: 'radio', options: [option('a'), option('b')] }]);
    const after = form([{ key: 'way', kind: 'radio', options: [option('a'), option('c')] }]);
    expect(offered(before, after)).toEqual({ b: ['is:a', 'is:c', 'none'] });
  });

  it('is never a made-up consent, file or group', () => {
    const after = form([
      { key: 'room', required: true },
      { key: 'agree', kind: 'consent', required: true },
      { key: 'proof', kind: 'file', required: true },
      { ...group('people', 'x'), required: true },
    ]);
    expect(offered(form([{ key: 'a' }]), after)).toMatchObject({ room: ['default'] });
    expect(Object.keys(offered(form([{ key: 'room' }]), after))).toEqual(['room']);
  });
});

it('every choice makes mappings that the server takes, and is read from them again', () => {
  const before = form([
    { key: 'a' },
    { key: 'b' },
    group('people', 'x'),
    { key: 'way', kind: 'radio', options: [option('1'), option('2'), option('3')] },
  ]);
  const after = form([
    { key: 'c', label: text('丙') },
    { key: 'd', label: text('丁') },
    group('adults', 'x'),
    group('children', 'x'),
    { key: 'way', kind: 'radio', options: [option('1')] },
    { key: 'room', required: true },
  ]);
  const wrong: unknown[] = [];
  let chosen = 0;
  for (const change of diffForms(before, after)) {
    const sides = { before, after, mappings: [] };
    for (const way of waysOf(change, sides)) {
      const mappings = way === 'default' ? giveDefault(change.key, '无', []) : choose(change, way, sides);
      const issues = vetMappings(mappings, before, after);
      const back = wayOf(change, mappings);
      if (issues.length > 0 || back !== way) wrong.push({ key: change.key, way, back, issues });
      expect(choose(change, '', { ...sides, mappings })).toEqual([]);
      expect(unshown(diffForms(before, after), { ...sides, mappings })).toEqual([]);
      chosen += 1;
    }
  }
  expect(wrong).toEqual([]);
  expect(chosen).toBeGreaterThan(12);
});

it('choices for several options of one field are one mapping', () => {
  const before = form([{ key: 'way', kind: 'radio', options: [option('1'), option('2'), option('3')] }]);
  const after = form([{ key: 'way', kind: 'radio', options: [option('1')] }]);
  let mappings: Mapping[] = [];
  for (const [at, change] of diffForms(before, after).entries())
    mappings = choose(change, at === 0 ? 'is:1' : 'none', { before, after, mappings });
  expect(mappings).toEqual([{ op: 'recode', field: 'way', codes: { 2: '1', 3: null } }]);
});

describe('what is proposed', () => {
  it('is what is plain: another key, another code for the same words, another kind that holds the same', () => {
    const before = form([
      { key: 'tel', label: text('电话') },
      { key: 'way', kind: 'radio', options: [option('b', '公交'), option('c', '步行')] },
      { key: 'note', label: text('说明') },
    ]);
    const after = form([
      { key: 'phone', label: text('电话') },
      { key: 'way', kind: 'radio', options: [option('bus', '公交'), option('x', '其他')] },
      { key: 'remarks', kind: 'textarea', label: text('说明') },
    ]);
    expect(proposeMappings(before, after)).toEqual([
      { op: 'recode', field: 'way', codes: { b: 'bus' } },
      { op: 'rename', from: 'tel', to: 'phone' },
      { op: 'rename', from: 'note', to: 'remarks' },
    ]);
  });

  it('is nothing where a person has to know', () => {
    const before = form([
      { key: 'a' },
      { key: 'n', label: text('日期') },
      { key: 'way', kind: 'radio', options: [option('1')] },
    ]);
    const after = form([
      { key: 'b', label: text('乙') },
      { key: 'day', kind: 'date', label: text('日期') },
      { key: 'way', kind: 'radio', options: [option('2')] },
      { key: 'room', required: true },
    ]);
    expect(proposeMappings(before, after)).toEqual([]);
  });
});

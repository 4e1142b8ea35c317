import { describe, expect, it } from 'vitest';
import { healthDeclaration } from '../demo/healthDeclaration.ts';
import type { Field, FormContent } from '../fields/types.ts';
import { changeNode, insertField, moveField, moveStep, removeField, removeStep } from './edit.ts';
import { mergeForms, mergeOrder } from './merge.ts';

const field = (key: string, more: Partial<Field> = {}): Field => ({
  key,
  kind: 'text',
  label: { 'zh-CN': key },
  ...more,
});
const base: FormContent = {
  title: { 'zh-CN': '表' },
  steps: [
    { key: 'one', title: { 'zh-CN': '一' }, fields: [field('a'), field('b'), field('c')] },
    { key: 'two', title: { 'zh-CN': '二' }, fields: [field('d'), field('e')] },
  ],
};
const shape = (content: FormContent) =>
  content.steps.map((step) => `${step.key}: ${step.fields.map(({ key }) => key).join(' ')}`).join(' | ');
const merge = (mine: FormContent, theirs: FormContent) => {
  const merged = mergeForms(base, mine, theirs);
  if (!merged) throw new Error('not merged');
  return merged;
};

describe('mergeForms', () => {
  it('is the other’s form when I changed nothing, and mine when they did not', () => {
    const other = healthDeclaration;
    expect(mergeForms(base, base, other)).toEqual({ content: other, clashes: [] });
    expect(mergeForms(base, other, base)).toEqual({ content: other, clashes: [] });
    expect(mergeForms(other, other, other)).toEqual({ content: other, clashes: [] });
  });

  it('keeps what each of us added, changed, moved and removed', () => {
    let mine = insertField(base, 'steps.0', 1, field('mine')).content;
    mine = changeNode<Field>(mine, 'steps.1.fields.1', { required: true }).content;
    mine = moveField(mine, 'steps.0.fields.0', 'steps.1', 0).content;
    let theirs = changeNode<Field>(base, 'steps.0.fields.0', { hint: { 'zh-CN': '提示' } }).content;
    theirs = insertField(theirs, 'steps.1', 2, field('theirs')).content;
    theirs = removeField(theirs, 'steps.1.fields.0').content;
    theirs = { ...theirs, title: { 'zh-CN': '新标题' } };
    const { content, clashes } = merge(mine, theirs);
    expect(clashes).toEqual([]);
    expect(shape(content)).toBe('one: mine b c | two: a e theirs');
    expect(content.title['zh-CN']).toBe('新标题');
    expect(content.steps[1]!.fields[0]).toMatchObject({ key: 'a', hint: { 'zh-CN': '提示' } });
    expect(content.steps[1]!.fields[1]).toMatchObject({ key: 'e', required: true });
  });

  it('keeps mine where both changed the same, and names it', () => {
    const mine = changeNode<Field>(base, 'steps.0.fields.0', { label: { 'zh-CN': '我的', en: 'Mine' } }).content;
    const theirs = changeNode<Field>(base, 'steps.0.fields.0', { label: { 'zh-CN': '他的' } }).content;
    const { content, clashes } = merge(mine, theirs);
    expect(clashes).toEqual([{ path: 'a.label.zh-CN', mine: '我的', theirs: '他的' }]);
    expect(content.steps[0]!.fields[0]!.label).toEqual({ 'zh-CN': '我的', en: 'Mine' });
  });

  it('never mixes two rules into a third', () => {
    const rule = (value: string, op: 'eq' | 'ne') =>
      changeNode<Field>(base, 'steps.0.fields.1', { visibleWhen: { field: 'a', op, value } }).content;
    const { content, clashes } = merge(rule('x', 'eq'), rule('y', 'ne'));
    expect(clashes.map(({ path }) => path)).toEqual(['b.visibleWhen']);
    expect(content.steps[0]!.fields[1]!.visibleWhen).toEqual({ field: 'a', op: 'eq', value: 'x' });
  });

  it('does not lose what one worked on while the other removed it', () => {
    const mine = changeNode<Field>(base, 'steps.0.fields.2', { required: true }).content;
    const { content, clashes } = merge(mine, removeField(base, 'steps.0.fields.2').content);
    expect([shape(content), clashes.map(({ path }) => path)]).toEqual(['one: a b c | two: d e', ['c']]);
    const added = insertField(base, 'steps.1', 0, field('new')).content;
    expect(shape(merge(added, removeStep(base, 'steps.1').content).content)).toBe('one: a b c | two: new');
  });

  it('puts steps in the order that one of us gave them', () => {
    const theirs = changeNode<Field>(base, 'steps.0.fields.0', { required: true }).content;
    expect(shape(merge(moveStep(base, 'steps.0', 1).content, theirs).content)).toBe('two: d e | one: a b c');
  });

  it('does not merge what it can’t tell apart', () => {
    const twice = insertField(base, 'steps.0', 0, field('a')).content;
    expect(mergeForms(base, twice, base)).toBe(null);
  });
});

it.each([
  ['abc', 'abc', 'cab', 'cab'],
  ['abc', 'bac', 'abc', 'bac'],
  ['abc', 'abxc', 'aybc', 'aybxc'],
  ['abc', 'xabc', 'abc', 'xabc'],
  ['', 'ab', 'cd', 'abcd'],
])('mergeOrder %s, %s, %s: %s', (before, mine, theirs, expected) => {
  expect(mergeOrder([...before], [...mine], [...theirs]).join('')).toBe(expected);
});

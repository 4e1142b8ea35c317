import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Field, FormContent } from '../fields/types.ts';
import * as edit from './edit.ts';
import { referencesTo } from './references.ts';

const field = (key: string, more: Partial<Field> = {}): Field => ({
  key,
  kind: 'text',
  label: { 'zh-CN': key },
  ...more,
});
const form = (...steps: Field[][]): FormContent => ({
  title: { 'zh-CN': '表' },
  steps: steps.map((fields, index) => ({ key: `s${index}`, title: { 'zh-CN': `第${index}步` }, fields })),
});
/** The form's order in one line: steps apart by `|`, a group's fields in brackets. */
const names = (fields: Field[]): string =>
  fields.map((one) => one.key + (one.fields ? `(${names(one.fields)})` : '')).join(' ');
const shape = (content: FormContent): string => content.steps.map((step) => names(step.fields)).join(' | ');

const plain = form([field('a'), field('b'), field('c')], [field('d')]);
const grouped = form(
  [field('a'), field('g', { kind: 'group', fields: [field('x'), field('y')] }), field('b')],
  [field('c')],
);

describe('moving', () => {
  it.each([
    ['steps.0.fields.0', 'steps.0', 3, 'b c a | d', 'steps.0.fields.2'],
    ['steps.0.fields.2', 'steps.0', 0, 'c a b | d', 'steps.0.fields.0'],
    ['steps.0.fields.1', 'steps.0', 1, 'a b c | d', 'steps.0.fields.1'],
    ['steps.0.fields.1', 'steps.0', 2, 'a b c | d', 'steps.0.fields.1'],
    ['steps.0.fields.1', 'steps.1', 0, 'a c | b d', 'steps.1.fields.0'],
    ['steps.1.fields.0', 'steps.0', 9, 'a b c d | ', 'steps.0.fields.3'],
    ['steps.0.fields.1', 'steps.7', 0, 'a b c | d', 'steps.0.fields.1'],
    ['steps.0.fields.9', 'steps.0', 0, 'a b c | d', 'steps.0.fields.9'],
  ])('%s to %s before %i: %s', (from, list, index, expected, at) => {
    const moved = edit.moveField(plain, from, list, index);
    expect([shape(moved.content), moved.at]).toEqual([expected, at]);
  });

  it.each([
    ['steps.0.fields.0', 'steps.0.fields.1', 1, 'g(x a y) b | c', 'steps.0.fields.0.fields.1'],
    ['steps.0.fields.1.fields.1', 'steps.0', 0, 'y a g(x) b | c', 'steps.0.fields.0'],
    ['steps.0.fields.1.fields.0', 'steps.1', 1, 'a g(y) b | c x', 'steps.1.fields.1'],
    ['steps.0.fields.1.fields.0', 'steps.0.fields.1', 2, 'a g(y x) b | c', 'steps.0.fields.1.fields.1'],
    ['steps.0.fields.1', 'steps.0.fields.1', 0, 'a g(x y) b | c', 'steps.0.fields.1'],
  ])('into and out of a group: %s to %s before %i', (from, list, index, expected, at) => {
    const moved = edit.moveField(grouped, from, list, index);
    expect([shape(moved.content), moved.at]).toEqual([expected, at]);
  });

  it('puts no group into a group', () => {
    const two = form([field('g', { kind: 'group', fields: [] }), field('h', { kind: 'group', fields: [] })]);
    expect(edit.moveField(two, 'steps.0.fields.0', 'steps.0.fields.1', 0).content).toBe(two);
  });

  it('by one goes over the edge of a step, and stays at the form’s ends and in its group', () => {
    expect(shape(edit.nudgeField(plain, 'steps.0.fields.2', 1).content)).toBe('a b | c d');
    expect(shape(edit.nudgeField(plain, 'steps.1.fields.0', -1).content)).toBe('a b c d | ');
    expect(shape(edit.nudgeField(plain, 'steps.0.fields.1', 1).content)).toBe('a c b | d');
    expect(edit.nudgeField(plain, 'steps.0.fields.0', -1).content).toBe(plain);
    expect(edit.nudgeField(plain, 'steps.1.fields.0', 1).content).toBe(plain);
    expect(edit.nudgeField(grouped, 'steps.0.fields.1.fields.1', 1).content).toBe(grouped);
  });

  it('loses and doubles nothing, changes nothing in place, and says where the field is now', () => {
    const places = (content: FormContent) => edit.placesOf(content).map(({ at }) => at);
    const keys = (content: FormContent) =>
      edit
        .placesOf(content)
        .map(({ field: { key } }) => key)
        .sort();
    const before = JSON.stringify(grouped);
    fc.assert(
      fc.property(
        fc.constantFrom(...places(grouped)),
        fc.constantFrom('steps.0', 'steps.1', 'steps.0.fields.1'),
        fc.integer({ min: 0, max: 4 }),
        (from, list, index) => {
          const moved = edit.moveField(grouped, from, list, index);
          expect(keys(moved.content)).toEqual(keys(grouped));
          expect(edit.fieldAt(moved.content, moved.at)?.key).toBe(edit.fieldAt(grouped, from)?.key);
        },
      ),
    );
    expect(JSON.stringify(grouped)).toBe(before);
  });
});

const logical: FormContent = {
  ...form(
    [
      field('a', { kind: 'radio', options: [{ code: 'x', label: { 'zh-CN': '甲' } }] }),
      field('b', {
        visibleWhen: {
          all: [
            { field: 'a', op: 'eq', value: 'x' },
            { field: 'c', op: 'filled' },
          ],
        },
      }),
      field('c', { requiredWhen: { not: { field: 'a', op: 'filled' } } }),
      field('n', { kind: 'integer', compute: { fn: 'sum', args: [{ field: 'g.income' }] } }),
    ],
    [
      field('g', {
        kind: 'group',
        fields: [
          field('income', { kind: 'integer' }),
          field('a', { visibleWhen: { field: 'income', op: 'gt', value: 3 } }),
          field('note', { visibleWhen: { field: 'a', op: 'filled' } }),
        ],
      }),
      field('d', {
        kind: 'select',
        options: [
          {
            code: 'y',
            label: { 'zh-CN': '乙' },
            allowedWhen: { left: { field: 'a' }, op: 'eq', right: { value: 'x' } },
          },
        ],
      }),
    ],
  ),
  checks: [
    {
      key: 'both',
      assert: { left: { fn: 'add', args: [{ field: 'n' }, { value: 1 }] }, op: 'gt', right: { value: 2 } },
      message: { 'zh-CN': '不对' },
      fields: ['n', 'c'],
    },
  ],
  dedupe: ['a', 'c'],
};
const uses = (content: FormContent, key: string, group?: string) =>
  referencesTo(content, key, group).map(({ path }) => path);

describe('names', () => {
  it('says where a field is named; a group’s own field is not the form’s of the same key', () => {
    expect(uses(logical, 'a')).toEqual([
      'steps.0.fields.1.visibleWhen',
      'steps.0.fields.2.requiredWhen',
      'steps.1.fields.1.options.0.allowedWhen',
      'dedupe',
    ]);
    expect(uses(logical, 'a', 'g')).toEqual(['steps.1.fields.0.fields.2.visibleWhen']);
    expect(uses(logical, 'income', 'g')).toEqual(['steps.0.fields.3.compute', 'steps.1.fields.0.fields.1.visibleWhen']);
    expect(uses(logical, 'g')).toEqual(['steps.0.fields.3.compute']);
    expect(uses(logical, 'n')).toEqual(['checks.0']);
    expect(uses(logical, 'd')).toEqual([]);
  });

  it('changes a key everywhere, and back again to the same form', () => {
    for (const { at, field: one } of edit.placesOf(logical)) {
      const { content } = edit.renameField(logical, at, 'renamed');
      const group = edit.groupOf(logical, at)?.key;
      expect(uses(content, one.key, group)).toEqual([]);
      expect(uses(content, 'renamed', group)).toEqual(uses(logical, one.key, group));
      expect(edit.renameField(content, at, one.key).content).toEqual(logical);
    }
  });

  it('takes a deleted field out of everything, and leaves what else a rule says', () => {
    const { content, at } = edit.removeField(logical, 'steps.0.fields.0');
    expect(at).toBe('steps.0.fields.0');
    expect(uses(content, 'a')).toEqual([]);
    expect(
      content.steps[0]!.fields.map(({ visibleWhen, requiredWhen }) => visibleWhen ?? requiredWhen ?? null),
    ).toEqual([{ all: [{ field: 'c', op: 'filled' }] }, null, null]);
    expect(content.dedupe).toEqual(['c']);
    expect(uses(content, 'a', 'g')).toHaveLength(1);
    const without = edit.removeField(logical, 'steps.0.fields.3').content;
    expect('checks' in without).toBe(false);
    const step = edit.removeStep(logical, 'steps.0').content;
    expect([shape(step), 'dedupe' in step, 'checks' in step]).toEqual(['g(income a note) d', false, false]);
  });

  it('keeps what names a field while another has its key', () => {
    const twice = edit.insertField(logical, 'steps.1', 0, field('a')).content;
    expect(uses(edit.removeField(twice, 'steps.1.fields.0').content, 'a')).toHaveLength(4);
    expect(uses(edit.renameField(twice, 'steps.1.fields.0', 'z').content, 'a')).toHaveLength(4);
  });

  it('changes an option’s code everywhere, and back again to the same form', () => {
    const { content } = edit.recodeOption(logical, 'steps.0.fields.0', 'x', 'first');
    expect(JSON.stringify(content)).not.toContain('"x"');
    expect(JSON.stringify(content).match(/"first"/g)).toHaveLength(3);
    expect(edit.recodeOption(content, 'steps.0.fields.0', 'first', 'x').content).toEqual(logical);
    expect(edit.recodeOption(logical, 'steps.1.fields.1', 'y', 'z').content.steps[0]).toEqual(logical.steps[0]);
  });

  it('survives rules that are no rules', () => {
    const broken = form([
      field('a'),
      field('b', {
        visibleWhen: 5,
        requiredWhen: { all: 3 },
        compute: null,
        options: [null],
        fields: undefined,
      } as never),
    ]);
    const odd = { ...broken, checks: [7], dedupe: [8] } as unknown as FormContent;
    expect(uses(odd, 'a')).toEqual([]);
    expect(edit.renameField(odd, 'steps.0.fields.0', 'z').content.steps[0]!.fields[1]).toEqual(odd.steps[0]!.fields[1]);
    expect(shape(edit.removeField(odd, 'steps.0.fields.0').content)).toBe('b');
  });
});

it('copies under keys of their own, and never what writes into the person', () => {
  const one = form([field('name', { maps: 'person.name' }), field('name2')]);
  const { content, at } = edit.duplicateField(one, 'steps.0.fields.0');
  expect([shape(content), at]).toEqual(['name name3 name2', 'steps.0.fields.1']);
  expect(edit.fieldAt(content, at)).not.toHaveProperty('maps');
});

it('keeps of another kind what still means the same', () => {
  const one = form([
    field('a', { kind: 'radio', required: true, options: [{ code: 'x', label: { 'zh-CN': '甲' } }] }),
    field('b', { max: 50, pattern: 'x' }),
  ]);
  const select = edit.changeKind(one, 'steps.0.fields.0', 'select').content;
  expect(edit.fieldAt(select, 'steps.0.fields.0')).toMatchObject({ kind: 'select', required: true, options: [{}] });
  const area = edit.fieldAt(edit.changeKind(one, 'steps.0.fields.1', 'textarea').content, 'steps.0.fields.1');
  expect(area).toEqual({ key: 'b', kind: 'textarea', label: { 'zh-CN': 'b' }, max: 50 });
  const number = edit.fieldAt(edit.changeKind(one, 'steps.0.fields.1', 'integer').content, 'steps.0.fields.1');
  expect(number).toEqual({ key: 'b', kind: 'integer', label: { 'zh-CN': 'b' } });
});

it('changes properties, takes them away, and adds, moves and removes steps', () => {
  const changed = edit.changeNode<Field>(plain, 'steps.0.fields.0', {
    required: true,
    hint: { 'zh-CN': '提示' },
  }).content;
  expect(edit.fieldAt(changed, 'steps.0.fields.0')).toMatchObject({ required: true, hint: { 'zh-CN': '提示' } });
  const back = edit.changeNode<Field>(changed, 'steps.0.fields.0', { required: undefined, hint: undefined }).content;
  expect(back).toEqual(plain);
  const step = { key: edit.freshStepKey(plain), title: { 'zh-CN': '新' }, fields: [] };
  const added = edit.insertStep(plain, 1, step);
  expect([shape(added.content), added.at]).toEqual(['a b c |  | d', 'steps.1']);
  const moved = edit.moveStep(added.content, 'steps.1', 1);
  expect([shape(moved.content), moved.at]).toEqual(['a b c | d | ', 'steps.2']);
  expect(edit.moveStep(plain, 'steps.0', -1).content).toBe(plain);
  expect(edit.removeStep(moved.content, 'steps.2').content).toEqual(plain);
});

it('knows what it can edit', () => {
  expect(edit.isEditable(plain)).toBe(true);
  expect(edit.isEditable({ steps: [] })).toBe(true);
  for (const bad of [null, [], {}, { steps: 3 }, { steps: [null] }, { steps: [{ fields: [5] }] }, { steps: [{}] }])
    expect(edit.isEditable(bad)).toBe(false);
  expect(edit.placeOf('steps.0.fields.3.options.1.code')).toBe('steps.0.fields.3');
  expect(edit.placeOf('steps.0.fields.3.fields.1.key')).toBe('steps.0.fields.3.fields.1');
  expect(edit.placeOf('steps.2.title.zh-CN')).toBe('steps.2');
  expect(edit.placeOf('checks.0')).toBe(null);
});

import { describe, expect, it } from 'vitest';
import { healthDeclaration } from '../demo/healthDeclaration.ts';
import type { Field, FormContent } from '../fields/types.ts';
import { CHANGE_REASONS, movedOf, type ChangeReason } from './changes.ts';
import { sayChange, sayReason } from './change-words.ts';
import { compileDiff } from './compile-mappings.ts';
import { diffForms, worstOf } from './diff.ts';
import type { Mapping } from './mappings.ts';

const text = (words: string) => ({ 'zh-CN': words, en: words });
const form = (fields: Partial<Field>[], more: Partial<FormContent> = {}): FormContent => ({
  title: text('表'),
  steps: [
    {
      key: 'one',
      title: text('一'),
      fields: fields.map((field) => ({ kind: 'text', label: text(field.key!), ...field }) as Field),
    },
  ],
  ...more,
});
const option = (code: string, more: object = {}) => ({ code, label: text(code), ...more });
const group = (key: string, fields: Partial<Field>[], more: object = {}) =>
  ({
    key,
    kind: 'group',
    fields: fields.map((field) => ({ kind: 'text', label: text(field.key!), ...field })),
    ...more,
  }) as unknown as Partial<Field>;

const reasons = (before: FormContent, after: FormContent): string[] =>
  diffForms(before, after).map(({ key, reason }) => `${key} ${reason}`);

describe('what differs between two versions', () => {
  it('is nothing between a form and itself', () => {
    expect(diffForms(healthDeclaration, structuredClone(healthDeclaration))).toEqual([]);
    expect(worstOf([])).toBe('safe');
  });

  it.each<[Partial<Field>, Partial<Field>, ChangeReason]>([
    [{ kind: 'text' }, { kind: 'integer' }, 'kind_changed'],
    [{}, { required: true }, 'required_added'],
    [{ required: true }, {}, 'relaxed'],
    [{}, { requiredWhen: { field: 'x', op: 'filled' } }, 'required_added'],
    [{ max: 10 }, { max: 5 }, 'narrowed'],
    [{ max: 5 }, { max: 10 }, 'widened'],
    [{ min: 5 }, {}, 'widened'],
    [{}, { min: 1 }, 'narrowed'],
    [{ min: 'today-14d' }, { min: 'today-30d' }, 'widened'],
    [{ min: 'today-1y' }, { min: 'today-30d' }, 'narrowed'],
    [{ min: '2020-01-01' }, { min: 'today-30d' }, 'narrowed'],
    [{ pattern: 'a' }, {}, 'relaxed'],
    [{}, { pattern: 'a' }, 'narrowed'],
    [{ label: text('a') }, { label: text('b') }, 'text'],
    [{}, { visibleWhen: { field: 'x', op: 'filled' } }, 'visibility'],
    [{ visibleWhen: { field: 'x', op: 'filled' } }, {}, 'relaxed'],
    [{ unit: text('kg') }, { unit: text('g') }, 'unit_changed'],
    [{ unit: text('kg') }, { unit: { 'zh-CN': 'kg', en: 'kilogram' } }, 'text'],
    [{}, { sensitive: true }, 'setting'],
    [{ kind: 'consent', label: text('甲') }, { kind: 'consent', label: text('乙') }, 'consent_changed'],
    [{}, { compute: { today: true } }, 'computed'],
    [{ documentTypes: ['residentId', 'passport'] }, { documentTypes: ['passport'] }, 'narrowed'],
    [{}, { somethingNew: 1 } as never, 'narrowed'],
  ])('a field from %j to %j: %s', (before, after, reason) => {
    expect(reasons(form([{ key: 'a', ...before }]), form([{ key: 'a', ...after }]))).toEqual([`a ${reason}`]);
  });

  it('classes what is gone, what is new, and what is called otherwise', () => {
    expect(reasons(form([{ key: 'a' }]), form([]))).toEqual(['a field_removed']);
    expect(reasons(form([]), form([{ key: 'a' }]))).toEqual(['a optional_added']);
    expect(reasons(form([]), form([{ key: 'a', required: true }]))).toEqual(['a required_added']);
    expect(reasons(form([{ key: 'tel', label: text('电话') }]), form([{ key: 'phone', label: text('电话') }]))).toEqual(
      ['tel key_renamed'],
    );
  });

  it('options by their codes', () => {
    const radio = (...options: object[]) => form([{ key: 'a', kind: 'radio', options: options as never }]);
    expect(reasons(radio(option('x'), option('y')), radio(option('y'), option('z')))).toEqual([
      'x option_removed',
      'z option_added',
    ]);
    expect(reasons(radio(option('x')), radio(option('x', { allowedWhen: { field: 'b', op: 'filled' } })))).toEqual([
      'x option_restricted',
    ]);
    expect(reasons(radio(option('x'), option('y')), radio(option('y'), option('x')))).toEqual(['x order']);
  });

  it('groups: their fields, and their splitting', () => {
    const before = form([group('members', [{ key: 'name' }, { key: 'age', kind: 'integer' }])]);
    expect(reasons(before, form([group('members', [{ key: 'name' }])]))).toEqual(['members.age field_removed']);
    expect(
      diffForms(
        before,
        form([
          group('adults', [{ key: 'name' }]),
          group('children', [{ key: 'name' }, { key: 'age', kind: 'integer' }]),
        ]),
      ),
    ).toMatchObject([{ key: 'members', change: 'renamed', after: ['adults', 'children'], reason: 'group_split' }]);
  });

  it('moves as few as it can, and steps by their keys', () => {
    expect(movedOf(['a', 'b', 'c', 'd'], ['d', 'a', 'b', 'c'])).toEqual(['d']);
    const before = form([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
    expect(diffForms(before, form([{ key: 'c' }, { key: 'a' }, { key: 'b' }]))).toMatchObject([
      { of: 'field', change: 'moved', key: 'c', class: 'safe' },
    ]);
    const two = { ...before, steps: [before.steps[0]!, { key: 'two', title: text('二'), fields: [] }] };
    expect(diffForms(before, two)).toMatchObject([{ of: 'step', change: 'added', key: 'two' }]);
  });

  it('checks and the rule for duplicates', () => {
    const check = { key: 'sum', assert: { field: 'a', op: 'filled' } as const, message: text('核对'), fields: ['a'] };
    expect(reasons(form([{ key: 'a' }]), form([{ key: 'a' }], { checks: [check], dedupe: ['a'] }))).toEqual([
      ' dedupe_changed',
      'sum check_added',
    ]);
  });

  it('is said in both languages, with no word missing', () => {
    const before = form([
      { key: 'a', label: text('体温'), min: 35 },
      { key: 'b', required: true },
    ]);
    const after = form([
      { key: 'a', label: text('体温'), min: 36, visibleWhen: { field: 'b', op: 'filled' } },
      { key: 'b' },
    ]);
    const said = diffForms(before, after).map((change) => sayChange(change, [before, after], 'zh-CN'));
    expect(said).toEqual([
      '字段“体温”修改下限：35 → 36',
      '字段“体温”修改显示条件：无 → “b”已填写',
      '字段“b”修改必填：是 → 无',
    ]);
    expect(sayChange(diffForms(before, after)[0]!, [before, after], 'en')).toBe(
      'Field “体温”: lower limit changed: 35 → 36',
    );
    for (const locale of ['zh-CN', 'en'] as const)
      expect(CHANGE_REASONS.map((reason) => sayReason(reason, locale)).filter((words) => !words)).toEqual([]);
  });
});

describe('what mappings leave of a change', () => {
  it('a rename within a kind is safe, into another kind may lose answers', () => {
    const before = form([{ key: 'tel', label: text('电话') }]);
    const rename: Mapping[] = [{ op: 'rename', from: 'tel', to: 'phone' }];
    expect(compileDiff(before, form([{ key: 'phone', label: text('电话') }]), rename)).toMatchObject({
      class: 'safe',
      changes: [{ reason: 'mapped', mappedBy: [0] }],
    });
    expect(compileDiff(before, form([{ key: 'phone', kind: 'integer' }]), rename).class).toBe('lossy');
  });

  it('a recode sees to removed options, a default to what is required now', () => {
    const before = form([{ key: 'a', kind: 'radio', options: [option('x'), option('y')] }]);
    const after = form([
      { key: 'a', kind: 'radio', options: [option('y')] },
      { key: 'b', required: true },
    ]);
    expect(compileDiff(before, after).class).toBe('breaking');
    expect(compileDiff(before, after, [{ op: 'default', field: 'b', value: '-' }]).class).toBe('lossy');
    expect(
      compileDiff(before, after, [
        { op: 'default', field: 'b', value: '-' },
        { op: 'recode', field: 'a', codes: { x: 'y' } },
      ]).class,
    ).toBe('safe');
    expect(
      compileDiff(before, form([{ key: 'a', kind: 'radio', options: [option('y')] }]), [
        { op: 'recode', field: 'a', codes: { x: null } },
      ]).class,
    ).toBe('lossy');
  });
});

import { describe, expect, it } from 'vitest';
import type { Field, FormContent } from '../fields/types.ts';
import { applyMappings, fieldsOfBoth } from './apply-mappings.ts';
import { carryOver, trustedKeys } from './carry.ts';
import type { Mapping } from './mappings.ts';
import { vetMappings } from './vet-mappings.ts';

const text = (words: string) => ({ 'zh-CN': words });
const form = (...fields: Partial<Field>[]): FormContent => ({
  title: text('表'),
  steps: [
    {
      key: 'one',
      title: text('一'),
      fields: fields.map((field) => ({ kind: 'text', label: text(field.key!), ...field }) as Field),
    },
  ],
});
const options = (...codes: string[]) => codes.map((code) => ({ code, label: text(code) }));
const group = (key: string, ...fields: Partial<Field>[]) =>
  ({ key, kind: 'group', fields: form(...fields).steps[0]!.fields }) as unknown as Partial<Field>;
const ctx = { today: '2026-11-22' };
const codes = (losses: { key: string; code: string }[]) => losses.map(({ key, code }) => `${key} ${code}`);

/** From one content to another, as a migration does it. */
function over(before: FormContent, after: FormContent, answers: Record<string, unknown>, ...mappings: Mapping[]) {
  expect(vetMappings(mappings, before, after)).toEqual([]);
  return carryOver(after, applyMappings(answers, mappings, fieldsOfBoth(before, after)), ctx);
}

describe('answers on another version', () => {
  it('stay where they fit; each that does not is named', () => {
    const after = form(
      { key: 'name', required: true },
      { key: 'age', kind: 'integer', max: 100 },
      { key: 'colour', kind: 'radio', options: options('red') },
      { key: 'why', visibleWhen: { field: 'colour', op: 'eq', value: 'red' } },
      { key: 'new', required: true },
    );
    const carried = carryOver(after, { name: '张三', age: 120, colour: 'blue', why: '因为', gone: 1 }, ctx);
    expect(carried.answers).toEqual({ name: '张三' });
    expect(codes(carried.lost)).toEqual(['gone field_removed', 'age too_big', 'colour unknown_option', 'why hidden']);
    expect(codes(carried.missing)).toEqual(['new required']);
  });

  it('within a group go record by record', () => {
    const after = form(group('members', { key: 'name', required: true }, { key: 'age', kind: 'integer', max: 17 }));
    const carried = carryOver(
      after,
      {
        members: [
          { name: '甲', age: 5 },
          { name: '乙', age: 50, tel: '1' },
        ],
      },
      ctx,
    );
    expect(carried.answers).toEqual({ members: [{ name: '甲', age: 5 }, { name: '乙' }] });
    expect(codes(carried.lost).sort()).toEqual(['members.age too_big', 'members.tel field_removed']);
  });

  it('are not judged again where the question is the same', () => {
    const before = form({ key: 'name' }, { key: 'where', kind: 'region' });
    const after = form({ key: 'name', max: 1 }, { key: 'where', kind: 'region' });
    const trusted = trustedKeys(before, after, []);
    expect([...trusted]).toEqual(['where']);
    const regions = { name: () => undefined, path: () => [], find: () => undefined };
    const carried = carryOver(after, { name: '张', where: '110105' }, { ...ctx, regions }, trusted);
    expect(carried).toEqual({ answers: { name: '张', where: '110105' }, lost: [], missing: [] });
    expect(codes(carryOver(after, { where: '110105' }, { ...ctx, regions }).lost)).toEqual(['where unknown_region']);
    expect([...trustedKeys(before, after, [{ op: 'default', field: 'where', value: '110105' }])]).toEqual([]);
  });

  it('do not agree to what nobody has read: consent is given to a text', () => {
    const consent = (words: string, more: object = {}) =>
      form({ key: 'agree', kind: 'consent', label: text(words), required: true, ...more });
    const [before, after] = [consent('同意甲'), consent('同意甲和乙')];
    const changed = carryOver(after, { agree: true }, ctx, trustedKeys(before, after, []));
    expect([codes(changed.lost), codes(changed.missing)]).toEqual([['agree consent_changed'], ['agree required']]);
    const same = consent('同意甲', { visibleWhen: undefined, filterable: true });
    expect(carryOver(same, { agree: true }, ctx, trustedKeys(before, same, []))).toEqual({
      answers: { agree: true },
      lost: [],
      missing: [],
    });
  });

  it('give the same when they are carried over again', () => {
    const after = form({ key: 'name', required: true }, { key: 'age', kind: 'integer', max: 100 });
    const once = carryOver(after, { name: ' 张三 ', age: '120' }, ctx);
    expect(carryOver(after, once.answers, ctx)).toMatchObject({ answers: once.answers, lost: [] });
  });
});

describe('mappings', () => {
  it('rename, also into another kind, and what means nothing there is lost', () => {
    const before = form({ key: 'tel' }, { key: 'old', kind: 'radio', options: options('a', 'b') });
    const after = form(
      { key: 'phone', kind: 'integer' },
      { key: 'several', kind: 'checkbox', options: options('a', 'b') },
    );
    const rename: Mapping[] = [
      { op: 'rename', from: 'tel', to: 'phone' },
      { op: 'rename', from: 'old', to: 'several' },
    ];
    expect(over(before, after, { tel: '12', old: 'b' }, ...rename).answers).toEqual({ phone: 12, several: ['b'] });
    expect(codes(over(before, after, { tel: '十二' }, ...rename).lost)).toEqual(['phone not_integer']);
  });

  it('split, merge, recode and default', () => {
    const before = form(
      { key: 'name' },
      { key: 'a' },
      { key: 'b' },
      { key: 'c', kind: 'checkbox', options: options('x', 'y', 'z') },
    );
    const after = form(
      { key: 'family' },
      { key: 'given' },
      { key: 'ab' },
      { key: 'c', kind: 'checkbox', options: options('y', 'w') },
      { key: 'source', required: true },
    );
    const mappings: Mapping[] = [
      { op: 'split', from: 'name', to: ['family', 'given'], by: ' ' },
      { op: 'merge', from: ['a', 'b'], to: 'ab', by: '、' },
      { op: 'recode', field: 'c', codes: { x: 'w', z: null } },
      { op: 'default', field: 'source', value: '旧表' },
    ];
    const answers = { name: 'Wang Xiao Ming', a: '甲', b: '乙', c: ['x', 'y', 'z'] };
    expect(over(before, after, answers, ...mappings)).toEqual({
      answers: { family: 'Wang', given: 'Xiao Ming', ab: '甲、乙', c: ['y', 'w'], source: '旧表' },
      lost: [],
      missing: [],
    });
    expect(answers.c).toEqual(['x', 'y', 'z']);
  });

  it('divide a group, join groups, and rename within records', () => {
    const before = form(group('members', { key: 'name' }, { key: 'age', kind: 'integer' }));
    const after = form(
      group('adults', { key: 'name' }, { key: 'age', kind: 'integer' }),
      group('children', { key: 'name' }, { key: 'age', kind: 'integer' }),
    );
    const records = [
      { name: '甲', age: 40 },
      { name: '乙', age: 7 },
    ];
    const divide: Mapping = {
      op: 'divide',
      from: 'members',
      to: ['adults', 'children'],
      when: { field: 'age', op: 'gte', value: 18 },
    };
    const divided = over(before, after, { members: records }, divide).answers;
    expect(divided).toEqual({ adults: [records[0]], children: [records[1]] });
    expect(over(after, before, divided, { op: 'merge', from: ['adults', 'children'], to: 'members' }).answers).toEqual({
      members: records,
    });
    const renamed = form(group('members', { key: 'fullName' }, { key: 'age', kind: 'integer' }));
    expect(
      over(before, renamed, { members: records }, { op: 'rename', from: 'members.name', to: 'members.fullName' })
        .answers,
    ).toEqual({
      members: [
        { fullName: '甲', age: 40 },
        { fullName: '乙', age: 7 },
      ],
    });
  });

  it.each<[unknown, string]>([
    [{ op: 'rename', from: 'a', to: 'nobody' }, 'mapping_unknown_field'],
    [{ op: 'rename', from: 'nobody', to: 'b' }, 'mapping_unknown_field'],
    [{ op: 'drop', from: 'a' }, 'shape'],
    [{ op: 'rename', from: 'a', to: 'b', more: 1 }, 'shape'],
    [{ op: 'rename', from: '__proto__', to: 'b' }, 'mapping_unknown_field'],
    [{ op: 'recode', field: 'a', codes: {} }, 'mapping_unfit'],
    [{ op: 'recode', field: 'r', codes: { x: 'nobody' } }, 'mapping_unknown_option'],
    [{ op: 'default', field: 'n', value: 'abc' }, 'mapping_unfit'],
    [{ op: 'divide', from: 'a', to: ['b', 'b'], when: { field: 'a', op: 'filled' } }, 'mapping_unfit'],
    [{ op: 'rename', from: 'a', to: 'g' }, 'mapping_unfit'],
    [{ op: 'rename', from: 'a', to: 'g.name' }, 'mapping_unfit'],
    [null, 'shape'],
  ])('%j is refused: %s', (mapping, code) => {
    const before = form({ key: 'a' }, { key: 'r', kind: 'radio', options: options('x') });
    const after = form(
      { key: 'b' },
      { key: 'n', kind: 'integer' },
      { key: 'r', kind: 'radio', options: options('y') },
      group('g', { key: 'name' }),
    );
    expect(vetMappings([mapping], before, after)).toMatchObject([{ code }]);
  });

  it('two that fill one field are refused', () => {
    const mappings = [
      { op: 'rename', from: 'a', to: 'c' },
      { op: 'rename', from: 'b', to: 'c' },
    ];
    expect(vetMappings(mappings, form({ key: 'a' }, { key: 'b' }), form({ key: 'c' }))).toMatchObject([
      { path: 'mappings.1.to', code: 'mapping_twice' },
    ]);
    expect(vetMappings('nonsense', form(), form())).toMatchObject([{ code: 'shape' }]);
  });
});

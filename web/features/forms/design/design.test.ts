import { afterAll, describe, expect, it, vi } from 'vitest';

// The language of the page is asked of the browser when it is loaded.
vi.hoisted(() => {
  vi.stubGlobal('localStorage', { getItem: () => 'zh-CN', setItem: () => undefined });
  vi.stubGlobal('document', { documentElement: {}, createElement: () => ({}) });
});

import { FIELD_KINDS, type FormContent } from '../../../../server/shared/fields/index.ts';
import { vetForm } from '../../../../server/shared/fields/vet/index.ts';
import { insertField } from '../../../../server/shared/forms/edit.ts';
import * as history from './history.ts';
import { newField, paletteGroups } from './palette.ts';
import { panelOf } from './properties.ts';

afterAll(() => void vi.unstubAllGlobals());

const empty: FormContent = {
  title: { 'zh-CN': '表' },
  steps: [{ key: 'one', title: { 'zh-CN': '一' }, fields: [] }],
};
const words = { 'zh-CN': '新字段', en: 'New field' };

describe('the palette', () => {
  it('offers every kind once', () => {
    const kinds = paletteGroups().flatMap(({ items }) => items.filter(({ ready }) => !ready).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...FIELD_KINDS].sort());
  });

  it('makes fields that can be published as they are, with keys of their own', () => {
    let content = empty;
    const items = paletteGroups().flatMap((group) => group.items);
    for (const item of [...items, ...items])
      content = insertField(content, 'steps.0', 99, newField(item, content, words)).content;
    // A group without fields and a reference to nothing can't be published; the designer says so.
    const told = vetForm(content).filter(({ path }) => !/\.(fields|target|form)$/.test(path));
    expect(told).toEqual([]);
  });
});

it('edits every property of every kind by an editor of its own', () => {
  const without = FIELD_KINDS.flatMap((kind) =>
    panelOf(kind).flatMap(({ properties }) =>
      properties.filter(({ editor }) => editor === 'json').map(({ name }) => `${kind}.${name}`),
    ),
  );
  expect(without).toEqual([]);
});

it('takes back and brings again, typing as one step', () => {
  let h = history.begin('a');
  h = history.push(h, 'b');
  h = history.push(h, 'c', 'label');
  h = history.push(h, 'cd', 'label');
  h = history.push(h, 'cde', 'label');
  h = history.undo(h);
  expect(h.now).toBe('b');
  expect(history.redo(h).now).toBe('cde');
  h = history.undo(history.undo(h));
  expect([h.now, history.undo(h) === h]).toEqual(['a', true]);
  expect(history.push(h, 'x').future).toEqual([]);
  let long = history.begin(0);
  for (let n = 1; n < 500; n += 1) long = history.push(long, n);
  expect(long.past.length).toBe(100);
});

import { createSSRApp, type Component } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CASES } from '../../../server/shared/fields/cases/index.ts';
import { FIELD_KINDS, isAsked, KINDS, type Field } from '../../../server/shared/fields/index.ts';

/** What widgets of both sides find in a browser, as far as they ask while they are drawn. */
beforeAll(() => {
  const nothing = () => undefined;
  vi.stubGlobal('addEventListener', nothing);
  vi.stubGlobal('location', { hash: '', href: 'http://localhost/', search: '' });
  vi.stubGlobal('document', { documentElement: { lang: 'zh-CN' }, cookie: '', addEventListener: nothing });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: nothing });
  vi.stubGlobal('navigator', { language: 'zh-CN' });
});
afterAll(() => vi.unstubAllGlobals());

const drawn = (widget: Component, props: Record<string, unknown>): Promise<string> => {
  const app = createSSRApp(widget, props);
  // Element's components are put in by the build; here their names stand for them.
  app.config.warnHandler = () => undefined;
  return renderToString(app);
};

/** Kinds that nobody fills in have no widget; of the others, a field and the values that it may have. */
const filled = FIELD_KINDS.filter((kind) => kind !== 'static' && kind !== 'computed');
const valuesOf = (kind: (typeof FIELD_KINDS)[number]): { field: Field; value: unknown }[] =>
  CASES[kind].good.filter(({ field }) => isAsked(field));
const nowOf = (field: Field) =>
  field.fields ? { now: { field, readOnly: false, answer: undefined, records: [], blank: [] } } : {};

describe('every kind', () => {
  it('has a widget for citizens, unless only staff see it, that shows each of its values under its id', async () => {
    const { ensureWidgets, WIDGETS } = await import('../fields/widgets.ts');
    await (await import('../i18n/index.ts')).ensureTexts();
    const wrong: string[] = [];
    for (const kind of filled.filter((each) => !KINDS[each].unseen)) {
      for (const { field, value } of valuesOf(kind)) {
        await ensureWidgets({ title: field.label, steps: [{ key: 'one', title: field.label, fields: [field] }] });
        const widget = WIDGETS[kind];
        const html = widget ? await drawn(widget, { field, id: 'f-x', value, invalid: true, ...nowOf(field) }) : '';
        if (!html.includes('id="f-x"')) wrong.push(`${kind}: ${html.slice(0, 120)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has a widget for staff, unless nobody fills it in', async () => {
    const { widgets } = await import('../admin-fields/index.ts');
    // What is computed is never filled in: its widget is nothing.
    expect(filled.filter((kind) => !widgets[kind] || widgets[kind] === widgets.computed)).toEqual([]);
  });
});

import type { Field, FormContent } from '../../../../server/shared/fields/types.ts';
import type { Mapping } from '../../../../server/shared/forms/mappings.ts';
import { placesOf } from '../../../../server/shared/forms/diff.ts';
import { valueText } from '../../../common/admin/text/answers.ts';
import { locale } from '../../../common/admin/text/locale.ts';
import { say } from '../../../common/admin/text/texts.ts';
import { m } from './mapping.texts.ts';

type Contents = readonly [before: FormContent, after: FormContent];

const fieldIn = (content: FormContent, name: string): Field | undefined => placesOf(content).get(name)?.field;

/** What people call a field of either content; those that share their words with another are told apart by their keys. */
export function nameOf(name: string, content: FormContent): string {
  const field = fieldIn(content, name);
  const words = say(field?.label) || name;
  const twins = [...placesOf(content).values()].filter((one) => say(one.field.label) === words);
  return twins.length > 1 ? `${words} (${name})` : words;
}

/** A mapping in a sentence. */
export function sayMapping(mapping: Mapping, [before, after]: Contents): string {
  const english = locale.value === 'en';
  const list = (names: readonly string[], content: FormContent) =>
    names.map((name) => `“${nameOf(name, content)}”`).join(english ? ', ' : '、');
  switch (mapping.op) {
    case 'rename': {
      const [from, to] = [nameOf(mapping.from, before), nameOf(mapping.to, after)];
      return from === to
        ? m('say.rename', { from: `${from} (${mapping.from})`, to: `${to} (${mapping.to})` })
        : m('say.rename', { from, to });
    }
    case 'split':
    case 'divide':
      return m(`say.${mapping.op}`, { from: nameOf(mapping.from, before), to: list(mapping.to, after) });
    case 'merge':
      return m('say.merge', { from: list(mapping.from, before), to: nameOf(mapping.to, after) });
    case 'recode': {
      const words = (code: string, content: FormContent) =>
        say(fieldIn(content, mapping.field)?.options?.find((one) => one.code === code)?.label) || code;
      const codes = Object.entries(mapping.codes).map(
        ([from, to]) => `${words(from, before)} → ${to === null ? m('say.dropped') : words(to, after)}`,
      );
      return m('say.recode', { field: nameOf(mapping.field, before), codes: codes.join(english ? '; ' : '；') });
    }
    case 'default': {
      const field = fieldIn(after, mapping.field);
      const value = field ? valueText(field, mapping.value) : String(mapping.value);
      return m('say.default', { field: nameOf(mapping.field, after), value });
    }
  }
}

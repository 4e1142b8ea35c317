import { sample, type KindCases } from '../cases/case.ts';
import { checkbox, checkboxProjection } from './checkbox.ts';
import type { Kind, KindProjection } from './kind.ts';

/** Some of many options, behind a list with a search: a checkbox with another widget. */
export const multiselect: Kind = checkbox;

export const multiselectProjection: KindProjection = checkboxProjection;

export function multiselectCases(): KindCases {
  const options = ['北京', '上海', '深圳', '广州'].map((name, at) => ({ code: `c${at}`, label: { 'zh-CN': name } }));
  const field = sample('multiselect', { options, min: 1, max: 2 });
  return {
    good: [
      {
        field,
        raw: ['c2', 'c0'],
        value: ['c0', 'c2'],
        text: '北京；深圳',
        masked: '**',
        cells: ['深圳、北京', 'c0;c2'],
      },
      { field, raw: ['c3'], value: ['c3'], text: '广州', masked: '**' },
    ],
    bad: [
      { field, raw: ['c0', 'c1', 'c2'], code: 'too_many_choices', params: { max: 2 } },
      { field, raw: ['c9'], code: 'unknown_option' },
      { field, raw: 'c0', code: 'wrong_type' },
    ],
    empty: [undefined, null, '', [], ['']],
    groups: [
      {
        field,
        value: ['c0', 'c2'],
        groups: [
          ['c0', '北京'],
          ['c2', '深圳'],
        ],
      },
    ],
  };
}

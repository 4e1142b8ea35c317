import { sample, type KindCases } from './case.ts';

const agreed = sample('consent');

export const consent: KindCases = {
  empty: [undefined, null, '', false],
  groups: [{ field: agreed, value: true, groups: [['true', '是']] }],
  good: [
    { field: agreed, raw: true, value: true, text: '是', masked: '是', cells: ['同意', 'YES', 'y', '1', '√', 'True'] },
  ],
  bad: [
    { field: agreed, raw: 'true', code: 'not_yes' },
    { field: agreed, raw: 1, code: 'wrong_type' },
    { field: agreed, raw: ['是'], code: 'wrong_type' },
    { field: agreed, raw: {}, code: 'wrong_type' },
  ],
};

const note = sample('static');

/** A note has no good value. */
const staticText: KindCases = {
  empty: [undefined],
  good: [],
  bad: [
    { field: note, raw: 'x', code: 'unknown_field' },
    { field: note, raw: {}, code: 'unknown_field' },
  ],
};
export { staticText as static };

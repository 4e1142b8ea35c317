import { sample, type KindCases } from './case.ts';

const agreed = sample('consent');

export const consent: KindCases = {
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
export const staticText: KindCases = {
  good: [],
  bad: [
    { field: note, raw: 'x', code: 'unknown_field' },
    { field: note, raw: {}, code: 'unknown_field' },
  ],
};

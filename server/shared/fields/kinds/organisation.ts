import { sample, type KindCases } from '../cases/case.ts';
import { SAMPLE_ORGANISATIONS } from '../cases/names.ts';
import type { Look, Text } from '../types.ts';
import type { Kind, KindProjection } from './kind.ts';
import { createReference, createReferenceProjection } from './reference.ts';

const HOW_TO: Text = { 'zh-CN': '机构的全称', en: 'The full name of the organisation' };

const names = (look: Look | undefined) => look?.organisations;

/** An organisation of the tree, by its id; chosen from a list, by citizens too. */
export const organisation: Kind = createReference(names, 'unknown_organisation');

export const organisationProjection: KindProjection = {
  ...createReferenceProjection(names),
  filterable: true,
  dedupe: true,
  cell: { howTo: HOW_TO, width: 28 },
  groups: (value) => [String(value)],
};

export function organisationCases(): KindCases {
  const field = sample('organisation');
  const id = '65f000000000000000000001';
  return {
    look: { organisations: SAMPLE_ORGANISATIONS },
    good: [{ field, raw: ` ${id} `, value: id, text: '南山区第一小学', masked: '**', cells: [' 南山区第一小学 ', id] }],
    bad: [
      { field, raw: '65f0000000000000000000ff', code: 'unknown_organisation' },
      { field, raw: '某小学', code: 'unknown_organisation' },
      { field, raw: { $ne: null }, code: 'wrong_type' },
      { field, raw: 5, code: 'wrong_type' },
    ],
    groups: [{ field, value: id, groups: [[id, '南山区第一小学']] }],
  };
}

import { sample, type KindCases } from '../cases/case.ts';
import { SAMPLE_PEOPLE } from '../cases/names.ts';
import type { Look, Text } from '../types.ts';
import type { Kind, KindProjection } from './kind.ts';
import { createReference, createReferenceProjection } from './reference.ts';

const HOW_TO: Text = { 'zh-CN': '人员编号', en: 'The id of the person' };

const names = (look: Look | undefined) => look?.people;

/** A registered person, by id, whom staff look up: a guardian, a visitor's host. Citizens neither see nor fill it in. */
export const person: Kind = { ...createReference(names, 'unknown_person'), sensitive: true, unseen: 'staff' };

export const personProjection: KindProjection = {
  ...createReferenceProjection(names),
  cell: { howTo: HOW_TO, width: 28 },
};

export function personCases(): KindCases {
  const field = sample('person');
  const id = '65f000000000000000000011';
  return {
    look: { people: SAMPLE_PEOPLE },
    good: [{ field, raw: ` ${id} `, value: id, text: '欧阳测试', masked: '**', cells: [id] }],
    bad: [
      { field, raw: '65f0000000000000000000ff', code: 'unknown_person' },
      { field, raw: '张三', code: 'unknown_person' },
      { field, raw: [id], code: 'wrong_type' },
      { field, raw: 5, code: 'wrong_type' },
    ],
  };
}

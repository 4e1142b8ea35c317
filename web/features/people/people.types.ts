import type { Answer, Item } from '../../common/admin/api/types.ts';

/** A person in a list; document, phone and address are masked. */
export type PersonItem = Item<'listPeople'>;
export type PersonDetail = Answer<'getPerson'>;
export type SensitiveKey = PersonDetail['sensitive'][number];

import type { Item } from '../../common/admin/api/types.ts';

export type Account = Item<'listAccounts'>;
/** A role in a place; null is everywhere, `own` only what the account made itself. */
export type Grant = Account['grants'][number];

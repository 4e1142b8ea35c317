import type { Item } from '../../common/admin/api/types.ts';

/** Built-in roles cannot be changed. */
export type Role = Item<'listRoles'>;

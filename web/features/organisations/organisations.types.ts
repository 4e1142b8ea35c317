import type { Item } from '../../common/admin/api/types.ts';

/** `path` holds the ids from the top down to itself. */
export type Organisation = Item<'listOrganisations'>;

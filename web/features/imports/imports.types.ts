import type { Item } from '../../common/admin/api/types.ts';

/** counts: read = created + updated + skipped + failed, always. */
export type ImportView = Item<'listImports'>;
export type DuplicateRule = ImportView['duplicates'];

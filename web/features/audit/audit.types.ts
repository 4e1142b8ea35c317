import type { Item } from '../../common/admin/api/types.ts';

export type AuditItem = Item<'listAudit'>;

import type { Text } from '../../../server/shared/fields/types.ts';

export interface AuditItem {
  id: string;
  at: string;
  actor: { kind: 'anonymous' | 'citizen' | 'staff' | 'system'; accountId: string | null; name: string | null };
  ip: string | null;
  action: string;
  label: Text;
  object: { type: string; id: string } | null;
  outcome: 'done' | 'refused' | 'failed';
  detail: Record<string, unknown> | null;
}

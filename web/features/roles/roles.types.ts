import type { Text } from '../../../server/shared/fields/types.ts';
import type { Permission } from '../../../server/shared/permissions.ts';

export interface Role {
  key: string;
  label: Text;
  permissions: Permission[];
  /** Cannot be changed. */
  builtIn: boolean;
  rev: number;
}

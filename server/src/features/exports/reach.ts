import type { Permission } from '../../../shared/permissions.ts';
import type { StaffCaller } from '../../http/index.ts';
import { scopeFilter } from '../scope/index.ts';
import type { ExportList } from './exports.model.ts';

/** What somebody reaches by several rights at once: a MongoDB filter, as one lies within all of them. */
export interface Reach {
  $and: Record<string, unknown>[];
}

export const readPermission = (list: ExportList) => (list === 'people' ? 'person.read' : 'submission.read');

/** What leaves lies within every right that it takes: to read it, to export, and to see it in clear. */
export const exportRights = (list: ExportList, clear: boolean): Permission[] => [
  readPermission(list),
  'export.run',
  ...(clear ? (['personal.reveal'] as const) : []),
];

/** Nobody approves what is out of their own reach. */
export const approvalRights = (list: ExportList, clear: boolean): Permission[] => [
  readPermission(list),
  'export.approve',
  ...(clear ? (['personal.reveal'] as const) : []),
];

export function reachOf(caller: StaffCaller, rights: readonly Permission[]): Reach {
  const filters = rights.map((permission) => scopeFilter(caller, permission));
  const different = new Map(filters.map((filter) => [JSON.stringify(filter), filter]));
  return { $and: [...different.values()] };
}

/**
 * Whether all that lies within one reach certainly lies within another: by the same grants, or because that one is
 * everywhere. Judged by the filters alone; `false` may still be true of the rows that there are.
 */
export function covers(reach: Reach, other: Reach): boolean {
  const held = new Set(other.$and.map((filter) => JSON.stringify(filter)));
  return reach.$and.every((filter) => Object.keys(filter).length === 0 || held.has(JSON.stringify(filter)));
}

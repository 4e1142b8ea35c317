import { PERMISSION_NAMES, type Permission } from '../../../shared/permissions.ts';
import type { Text } from '../../../shared/fields/types.ts';

export interface Role {
  key: string;
  label: Text;
  permissions: readonly Permission[];
  /** Part of the program: holds what it holds, can't be changed or deleted. */
  builtIn: boolean;
  rev: number;
}

/** The one role that lives in the code: it has every permission of this build, and nobody can take one away. */
export const SUPER_ADMIN: Role = {
  key: 'superAdmin',
  label: { 'zh-CN': '超级管理员', en: 'Super administrator' },
  permissions: PERMISSION_NAMES,
  builtIn: true,
  rev: 0,
};

/** What a new installation starts with; all of it may be changed. */
export const FIRST_ROLES: readonly Omit<Role, 'builtIn' | 'rev'>[] = [
  {
    key: 'regionAdmin',
    label: { 'zh-CN': '地区管理员', en: 'Region administrator' },
    permissions: PERMISSION_NAMES.filter(
      (name) =>
        ![
          'role.write',
          'record.settings',
          'form.write',
          'form.publish',
          'module.write',
          'job.read',
          'job.manage',
        ].includes(name) && !name.startsWith('release.'),
    ),
  },
  {
    key: 'registrar',
    label: { 'zh-CN': '登记人员', en: 'Registrar' },
    permissions: [
      'form.read',
      'submission.read',
      'submission.write',
      'person.read',
      'person.write',
      'import.run',
      'export.run',
    ],
  },
  {
    key: 'viewer',
    label: { 'zh-CN': '查看人员', en: 'Viewer' },
    permissions: ['form.read', 'submission.read', 'person.read'],
  },
  {
    key: 'auditor',
    label: { 'zh-CN': '审计人员', en: 'Auditor' },
    permissions: ['audit.read', 'account.read', 'role.read', 'release.read'],
  },
];

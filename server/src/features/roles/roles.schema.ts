import { obj, page, TextSchema, z } from '../../http/index.ts';
import { PERMISSION_NAMES, type Permission } from '../../../shared/permissions.ts';

export const RoleKey = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{1,39}$/)
  .openapi({ example: 'registrar' });
const PermissionName = z.enum(PERMISSION_NAMES as [Permission, ...Permission[]]);
const Permissions = z
  .array(PermissionName)
  .max(PERMISSION_NAMES.length)
  .transform((names) => [...new Set(names)])
  .openapi({ type: 'array', items: { type: 'string', enum: PERMISSION_NAMES } });
const Label = TextSchema.refine((text) => text['zh-CN'].trim().length > 0 && text['zh-CN'].length <= 60, {
  path: ['zh-CN'],
  params: { code: 'required' },
});

export const RoleParams = obj({ key: RoleKey });
export const RoleInput = obj({ key: RoleKey, label: Label, permissions: Permissions });
export const RoleChange = obj({ label: Label, permissions: Permissions, rev: z.number().int().min(1) });
export const RoleItem = obj({
  key: z.string(),
  label: TextSchema,
  permissions: z.array(PermissionName),
  builtIn: z.boolean(),
  rev: z.number().int(),
});
export const RolePage = page(RoleItem);

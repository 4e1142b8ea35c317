import { Id, obj, z } from '../../http/index.ts';
import { PERMISSION_NAMES, type Permission } from '../../../shared/permissions.ts';
import { MAX_PASSWORD_LENGTH } from './password.policy.ts';

const Password = z.string().min(1).max(MAX_PASSWORD_LENGTH).openapi({ format: 'password' });
const PermissionName = z.enum(PERMISSION_NAMES as [Permission, ...Permission[]]);

/** Any text is a name here: what can't be one is answered like what isn't one. */
export const StaffLogin = obj({ name: z.string().trim().toLowerCase().min(1).max(100), password: Password });
/** Longer ones than allowed get the policy's answer. */
export const PasswordChange = obj({
  current: Password,
  next: z.string().min(1).max(1000).openapi({ format: 'password' }),
});

export const PasswordConfirm = obj({ password: Password });

export const StaffSession = obj({
  accountId: Id,
  name: z.string(),
  displayName: z.string(),
  permissions: z.array(PermissionName),
  grants: z.array(
    obj({
      permissions: z.array(PermissionName),
      region: z.string().nullable(),
      organisation: z.string().nullable(),
      own: z.boolean(),
    }),
  ),
  mustChangePassword: z.boolean(),
});

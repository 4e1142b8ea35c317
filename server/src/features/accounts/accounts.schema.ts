import { Id, line, Moment, obj, page, paging, z } from '../../http/index.ts';
import { RoleKey } from '../roles/index.ts';

/** Staff names: what people type at the log-in, whatever their keyboard makes of capitals. */
export const StaffName = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.string().regex(/^[a-z0-9][a-z0-9._-]{1,39}$/))
  .openapi({ type: 'string', example: 'li.lei' });

const GrantItem = obj({
  role: RoleKey,
  region: z
    .string()
    .regex(/^[1-9]\d{5}$/)
    .nullable()
    .openapi({ description: 'null: every region' }),
  organisation: Id.nullable().openapi({ description: 'null: every organisation' }),
  own: z.boolean().openapi({ description: 'Only what the account made itself' }),
});
const Grants = z.array(GrantItem).max(20);

export const AccountParams = obj({ id: Id });
export const AccountQuery = obj({
  ...paging,
  q: line(40).optional().openapi({ description: 'Beginning of the name' }),
});
export const AccountInput = obj({ name: StaffName, displayName: line(60), grants: Grants });
export const AccountChange = obj({
  displayName: line(60),
  grants: Grants,
  disabled: z.boolean(),
  rev: z.number().int().min(1),
});

export const AccountItem = obj({
  id: Id,
  name: z.string(),
  displayName: z.string(),
  disabled: z.boolean(),
  locked: z.boolean(),
  mustChangePassword: z.boolean(),
  grants: Grants,
  createdAt: Moment,
  rev: z.number().int(),
});
export const AccountPage = page(AccountItem);
const FirstPassword = z.string().openapi({ description: 'Shown this once; must be changed at the first log-in' });
export const NewAccount = obj({ account: AccountItem, password: FirstPassword });
export const NewPassword = obj({ password: FirstPassword });

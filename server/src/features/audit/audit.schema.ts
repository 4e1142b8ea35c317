import { Id, Moment, obj, page, paging, TextSchema, z } from '../../http/index.ts';
import { AUDIT_ACTION_NAMES } from '../../../shared/audit-actions.ts';
import { OUTCOMES } from './audit.model.ts';

const Word = z.string().regex(/^[A-Za-z0-9_.:-]{1,100}$/);

export const AuditQuery = obj({
  ...paging,
  action: z.enum(AUDIT_ACTION_NAMES).optional(),
  actor: Id.optional().openapi({ description: 'Id of the account' }),
  objectType: Word.optional().openapi({ example: 'person' }),
  objectId: Word.optional(),
  outcome: z.enum(OUTCOMES).optional(),
  from: Moment.optional().openapi({ description: 'From this moment on' }),
  to: Moment.optional().openapi({ description: 'Before this moment' }),
});

export const AuditItem = obj({
  id: Id,
  at: Moment,
  actor: obj({
    kind: z.enum(['anonymous', 'citizen', 'staff', 'system']),
    accountId: z.string().nullable(),
    name: z.string().nullable(),
  }),
  ip: z.string().nullable(),
  action: z.enum(AUDIT_ACTION_NAMES),
  label: TextSchema,
  object: obj({ type: z.string(), id: z.string() }).nullable(),
  outcome: z.enum(OUTCOMES),
  detail: z.record(z.unknown()).nullable(),
});

export const AuditPage = page(AuditItem);

import { MOST_SORTS, OTHER_ROLES, PEOPLE_SUBJECT, SIGHTS } from '../../../shared/field-policy.ts';
import { Moment, obj, TextSchema, z } from '../../http/index.ts';
import { FormKey } from '../forms/index.ts';

const Key = z.string().regex(/^[a-z][a-zA-Z0-9]{0,39}$/);

export const SubjectParams = obj({
  subject: z
    .string()
    .regex(/^(_people|[a-z][a-zA-Z0-9]{0,39})$/)
    .openapi({ description: `Key of a form, or \`${PEOPLE_SUBJECT}\``, example: 'healthDeclaration' }),
});

const Rule = obj({
  role: z
    .string()
    .regex(/^(\*|[a-z][A-Za-z0-9]{1,39})$/)
    .openapi({ description: `Key of a role, or \`${OTHER_ROLES}\`: every role without a rule of its own` }),
  field: Key,
  see: z.enum(SIGHTS),
  write: z.boolean(),
});

const settings = {
  rules: z
    .array(Rule)
    .max(2_000)
    .openapi({ description: 'A field without a rule: shown (masked if sensitive), written' }),
  review: z.boolean().openapi({ description: 'Records wait until somebody accepts, returns or rejects them' }),
  editHours: z
    .number()
    .int()
    .min(0)
    .max(24 * 90)
    .openapi({ description: 'Hours in which a citizen may change what was sent; 0: not at all' }),
  sorts: z.array(Key).max(MOST_SORTS).openapi({ description: 'Fields that the list can be sorted by' }),
};
const rev = z.number().int().min(0);

export const SettingsInput = obj({ ...settings, rev });
export type SettingsInput = z.output<typeof SettingsInput>;
export const Settings = obj({
  ...settings,
  subject: z.string(),
  sorted: z.array(z.string()).openapi({ description: 'Of `sorts`: those whose values all records carry by now' }),
  roles: z.array(obj({ key: z.string(), label: TextSchema })).openapi({ description: 'Those that rules may speak of' }),
  rev,
  updatedAt: Moment.nullable(),
  updatedBy: z.string().nullable(),
});

export const FormParams = obj({ formKey: FormKey });
export const RecordView = obj({
  review: z.boolean(),
  sorts: z.array(z.string()),
  fields: z.array(
    obj({
      key: z.string(),
      see: z.enum(SIGHTS).openapi({ description: 'At best; single records may show less' }),
      search: z.boolean().openapi({ description: 'Whether it may be filtered and sorted by' }),
    }),
  ),
});

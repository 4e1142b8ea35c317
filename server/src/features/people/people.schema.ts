import { DOCUMENT_TYPES, type PersonFacts } from '../../../shared/fields/index.ts';
import { Flag, Id, line, Moment, obj, page, paging, z } from '../../http/index.ts';
import { PERSON_KEYS } from './people.fields.ts';
import { LIKENESSES } from './people.likenesses.ts';

const FactKey = z.enum(PERSON_KEYS as [keyof PersonFacts, ...(keyof PersonFacts)[]]);
export const PersonParams = obj({ id: Id });

const region = z
  .string()
  .regex(/^\d{6}$/)
  .openapi({ example: '440305' });

/** The filters of the people list, also of its export. */
export const personFilters = {
  q: line(60).optional().openapi({ description: 'The beginning of a name' }),
  phone: line(30).optional().openapi({ description: 'A whole phone number' }),
  document: line(40).optional().openapi({ description: 'A whole document number' }),
  region: region.optional().openapi({ description: 'People of this region and those below it' }),
  deleted: Flag.optional().openapi({ type: 'boolean', description: 'true: the recycle bin' }),
};
export const PeopleQuery = obj({
  ...personFilters,
  ...paging,
  sort: z
    .enum(['-createdAt', 'createdAt'])
    .optional()
    .openapi({ description: 'Default `-createdAt`, newest first. With `q` it is always by name' }),
  count: Flag.optional(),
});
export type PersonFilters = { [K in keyof typeof personFilters]?: z.output<(typeof personFilters)[K]> };

const masked = z.string().nullable().openapi({ description: 'Masked' });
const summary = {
  id: Id,
  name: z.string().nullable().openapi({ description: 'null or masked where the field rights say so, as all facts' }),
  gender: z.string().nullable(),
  birthDate: z.string().nullable(),
  documentType: z.string().nullable(),
  document: masked,
  phone: masked,
  region: z.string().nullable(),
  regionName: z.string().nullable(),
  createdAt: Moment,
  updatedAt: Moment,
  deletedAt: Moment.nullable(),
};
export const PersonSummary = obj(summary);
export const PersonPage = page(PersonSummary);
export const PersonDetail = obj({
  ...summary,
  address: masked,
  rev: z.number().int(),
  deletedBy: z.string().nullable(),
  mergedInto: Id.nullable(),
  /** What can be revealed. */
  sensitive: z.array(FactKey),
  /** What this caller may not see. */
  hidden: z.array(FactKey),
});

const facts = {
  name: line(60),
  gender: z.enum(['male', 'female', 'other']).nullable().optional(),
  birthDate: z.string().max(10).nullable().optional(),
  region: region.nullable().optional(),
  document: obj({ type: z.enum(DOCUMENT_TYPES), number: z.string().max(40) })
    .nullable()
    .optional(),
  phone: z.string().max(30).nullable().optional(),
  address: obj({ region, detail: z.string().max(200) })
    .nullable()
    .optional(),
};
export const PersonInput = obj(facts);
export const PersonEdit = obj({ ...facts, rev: z.number().int().min(0) }).openapi({
  description:
    'What is read masked (document, phone, address; more by the field rights): left out = as it is, null = removed. What the caller may not change stays',
});

/** Why something is done to a person's data; recorded. */
export const Reason = line(200, 2).openapi({ example: '电话核实身份' });
export const DeleteInput = obj({ reason: Reason });
export const RevealInput = obj({
  fields: z.array(FactKey).min(1).max(PERSON_KEYS.length),
  reason: Reason,
});
export const Revealed = obj({ values: z.record(z.unknown()).openapi({ description: 'The clear values by key' }) });

export const DuplicateList = obj({
  items: z.array(obj({ person: PersonSummary, same: z.array(z.enum(LIKENESSES)) })),
});
export const MergeInput = obj({
  into: Id.openapi({ description: 'Who stays' }),
  rev: z.number().int().min(0),
  intoRev: z.number().int().min(0).openapi({ description: '`rev` of who stays' }),
  take: z
    .array(FactKey)
    .max(PERSON_KEYS.length)
    .transform((keys) => [...new Set(keys)])
    .openapi({
      type: 'array',
      items: { type: 'string', enum: PERSON_KEYS },
      description: 'Facts taken from the duplicate',
    }),
  reason: Reason,
});
export const MergeList = obj({
  items: z.array(
    obj({
      id: Id,
      from: Id,
      into: Id,
      submissions: z.number().int(),
      by: z.string(),
      at: Moment,
      undoneBy: z.string().nullable(),
      undoneAt: Moment.nullable(),
      undoable: z.boolean(),
    }),
  ),
});

export const Timeline = obj({
  items: z.array(
    obj({
      at: Moment,
      action: z.string(),
      by: obj({ kind: z.enum(['citizen', 'staff', 'system']), name: z.string().nullable() }),
      reason: z.string().nullable(),
      changes: z.array(obj({ key: z.string(), before: masked, after: masked })),
    }),
  ),
});

import { Id, Moment, obj, page, paging, z } from '../../http/index.ts';
import { FormKey } from '../forms/index.ts';
import { DUPLICATE_RULES, IMPORT_STATES } from './imports.model.ts';

const Count = z.number().int().min(0);

export const ImportView = obj({
  id: Id,
  form: FormKey,
  version: z.number().int(),
  duplicates: z.enum(DUPLICATE_RULES),
  filename: z.string(),
  bytes: Count,
  state: z.enum(IMPORT_STATES),
  fault: obj({ code: z.string(), params: z.record(z.union([z.string(), z.number()])), message: z.string() }).nullable(),
  counts: obj({ read: Count, created: Count, updated: Count, skipped: Count, failed: Count }),
  createdBy: z.string(),
  createdAt: Moment,
  startedAt: Moment.nullable(),
  finishedAt: Moment.nullable(),
}).openapi('Import');

export const ImportPage = page(ImportView).openapi('ImportPage');
export const ImportQuery = obj({ ...paging });
export const ImportParams = obj({ id: Id });

/** The fields of the multipart body beside the file. */
export const ImportFields = obj({
  form: FormKey,
  version: z.coerce.number().int().min(1).max(100_000).optional(),
  duplicates: z.enum(DUPLICATE_RULES).default('skip'),
});

/** The same for the documentation: a multipart body is read by the handler. */
export const importBody = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['form', 'file'],
        properties: {
          form: { type: 'string' as const },
          version: { type: 'integer' as const, description: 'Default: the current version' },
          duplicates: { type: 'string' as const, enum: [...DUPLICATE_RULES], default: 'skip' },
          file: { type: 'string' as const, format: 'binary', description: 'xlsx or CSV, at most 100 MB' },
        },
      },
    },
  },
};

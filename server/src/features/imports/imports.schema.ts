import { Flag, Id, line, Moment, obj, page, paging, z } from '../../http/index.ts';
import { FormKey } from '../forms/index.ts';
import { DUPLICATE_RULES } from '../submissions/index.ts';
import { HEADER_MAX } from './header.ts';
import { REVIEW_DECISIONS } from './import-rows.model.ts';
import { GUESSES } from './imports.model.ts';
import { MAX_COLUMNS } from './sheet-scan.ts';
import { IMPORT_ACTIONS, IMPORT_STATES } from './imports.states.ts';

const Count = z.number().int().min(0);
const FieldKey = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]{0,39}$/)
  .openapi({ example: 'name' });
const RowNumber = z.number().int().min(1).openapi({ description: 'As spreadsheet programs count', example: 3 });

const Counts = obj({
  read: Count,
  created: Count,
  updated: Count,
  skipped: Count,
  unchanged: Count,
  review: Count,
  failed: Count,
}).openapi({ description: '`read` is the sum of the others, always.' });

const summary = {
  id: Id,
  rev: Count.openapi({ description: 'Raised by every change that can be seen' }),
  form: FormKey,
  version: z.number().int(),
  filename: z.string(),
  bytes: Count,
  state: z.enum(IMPORT_STATES),
  fault: obj({ code: z.string(), params: z.record(z.union([z.string(), z.number()])), message: z.string() }).nullable(),
  duplicates: z.enum(DUPLICATE_RULES),
  progress: obj({
    rows: Count.openapi({ description: 'Done in the present step' }),
    total: Count.nullable(),
    about: z.boolean().openapi({ description: '`total` is an estimate' }),
    rowsPerSecond: Count,
    secondsLeft: Count.nullable(),
  }),
  counts: Counts,
  actions: z.array(z.enum(IMPORT_ACTIONS)).openapi({ description: 'What may be done now, by this caller' }),
  createdBy: z.string(),
  createdAt: Moment,
  startedAt: Moment.nullable(),
  finishedAt: Moment.nullable(),
};

export const ImportSummary = obj(summary).openapi('ImportSummary');

export const ImportView = obj({
  ...summary,
  repeatOf: obj({ id: Id, createdAt: Moment, createdBy: z.string() })
    .nullable()
    .openapi({ description: 'The same file was imported before, into the same version' }),
  sheets: z.array(obj({ name: z.string(), rows: Count.nullable() })),
  sheet: Count.nullable().openapi({ description: 'Place in `sheets`' }),
  headerRow: Count.nullable().openapi({ description: '0: there is none' }),
  columns: z.array(
    obj({
      index: Count,
      header: z.string(),
      samples: z.array(z.string()).openapi({ description: 'At most 3; for the uploader, until the import has ended' }),
      field: FieldKey.nullable(),
      guessed: z.enum(GUESSES).nullable(),
    }),
  ),
  values: z
    .array(obj({ field: FieldKey, text: z.string(), count: Count, code: z.string().nullable() }))
    .openapi({ description: 'Texts that are no option of their field, most frequent first, at most 50 a field' }),
  missing: z.array(FieldKey).openapi({ description: 'Required fields without a column' }),
  check: Counts.nullable().openapi({ description: 'What the last check of this mapping found' }),
  undone: obj({ removed: Count, restored: Count, kept: Count }).nullable(),
}).openapi('Import');

export const ImportPage = page(ImportSummary).openapi('ImportPage');
export const ActiveImports = obj({ items: z.array(ImportSummary) }).openapi('ActiveImports');
export const ImportQuery = obj({
  ...paging,
  state: z.enum(['active', 'ended']).optional(),
  mine: Flag.optional(),
});
export const ImportParams = obj({ id: Id });

/** The fields of the multipart body beside the file. */
export const ImportFields = obj({
  form: FormKey,
  version: z.coerce.number().int().min(1).max(100_000).optional(),
  duplicates: z.enum(DUPLICATE_RULES).default('skip'),
  review: Flag.default('false'),
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
          review: {
            type: 'boolean' as const,
            default: false,
            description: 'Stop for a person once the file was inspected; else it starts by itself, or fails',
          },
          file: { type: 'string' as const, format: 'binary', description: 'xlsx or CSV (UTF-8, UTF-16, GB 18030)' },
        },
      },
    },
  },
};

export const MappingInput = obj({
  rev: z.number().int().min(0),
  sheet: z.number().int().min(0).max(200),
  headerRow: z.number().int().min(0).max(HEADER_MAX).optional().openapi({ description: 'Default: found' }),
  columns: z
    .array(FieldKey.nullable())
    .max(MAX_COLUMNS)
    .optional()
    .openapi({ description: 'By column. Default: guessed' }),
  values: z
    .array(obj({ field: FieldKey, text: z.string().min(1).max(100), code: line(40).nullable() }))
    .max(2_000)
    .optional(),
  duplicates: z.enum(DUPLICATE_RULES),
});

export const ImportPreview = obj({
  rows: z.array(
    obj({
      row: RowNumber,
      cells: z.array(z.string()),
      answers: z.record(z.string()).openapi({ description: 'By field, as they are shown' }),
      issues: z.array(
        obj({ column: Count.nullable(), field: FieldKey.nullable(), code: z.string(), message: z.string() }),
      ),
    }),
  ),
}).openapi('ImportPreview');

export const ReviewItem = obj({
  row: RowNumber,
  existing: obj({ id: Id, receiptNumber: z.string(), name: z.string().nullable(), submittedAt: Moment })
    .nullable()
    .openapi({ description: 'null: gone since, or out of the caller’s reach' }),
  answers: z.array(
    obj({
      field: FieldKey,
      label: z.string(),
      existing: z.string().nullable(),
      imported: z.string().nullable(),
      differs: z.boolean(),
    }),
  ),
  decision: z.enum(REVIEW_DECISIONS).nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: Moment.nullable(),
}).openapi('ImportReview');

export const ReviewPage = page(ReviewItem).openapi('ImportReviewPage');
export const ReviewQuery = obj({ ...paging, open: Flag.optional() });
export const ReviewParams = obj({ id: Id, row: z.coerce.number().int().min(1).max(2_147_483_647) });
export const ReviewInput = obj({ decision: z.enum(REVIEW_DECISIONS) });

import { Flag, Id, line, Moment, obj, page, paging, z } from '../../http/index.ts';
import { personFilters, type PersonFilters } from '../people/index.ts';
import { submissionFilters, type SubmissionFilters } from '../submissions/index.ts';
import { EXPORT_STATES, LISTS, VERSION_MODES } from './exports.model.ts';

const COLUMN = '[A-Za-z0-9.]{1,80}';

/** What a direct download takes beside the list's own filters. */
const common = {
  columns: z
    .string()
    .max(5_000)
    .regex(/^[A-Za-z0-9.]+(,[A-Za-z0-9.]+)*$/)
    .optional()
    .openapi({ description: 'Keys of columns, comma-separated, in their order; default: all' }),
  clear: Flag.optional().openapi({
    type: 'boolean',
    description: 'true: phone and document numbers in clear; needs personal.reveal and a reason',
  }),
  reason: line(200, 2).optional().openapi({ description: 'Why; recorded' }),
};

export const PeopleExportQuery = obj({ ...personFilters, ...common });
export const SubmissionsExportQuery = obj({ ...submissionFilters, ...common });

/** The same filters in a JSON body: flags and numbers are what they are. Those of people are a part of those of submissions. */
const inBody = {
  ...submissionFilters,
  version: z.number().int().min(1).max(1_000_000).optional(),
  claimed: z.boolean().optional().openapi({ description: 'true: those whose person has to be verified' }),
  queue: z.boolean().optional().openapi({ description: 'true: what waits for a decision' }),
  deleted: z.boolean().optional().openapi({ description: 'true: the recycle bin' }),
};
export const PEOPLE_FILTERS = Object.keys(personFilters) as (keyof PersonFilters)[];
export type ExportFilter = PersonFilters & SubmissionFilters;

export const ExportInput = obj({
  list: z.enum(LISTS),
  filter: obj(inBody)
    .default({})
    .openapi({
      description: `The filters of the list. People take ${PEOPLE_FILTERS.map((key) => `\`${key}\``).join(', ')} only`,
    }),
  columns: z
    .array(z.string().regex(new RegExp(`^${COLUMN}$`)))
    .min(1)
    .max(300)
    .optional()
    .openapi({
      description: 'Keys of columns in their order; default: all. Answers are `answers.KEY` and need `filter.form`',
    }),
  versions: z.enum(VERSION_MODES).default('merged').openapi({
    description:
      'Submissions of one form: `merged` in one sheet with the columns of all versions, or `apart`, one sheet for each version',
  }),
  clear: z.boolean().default(false).openapi({
    description: 'Phone and document numbers in clear; needs the permission personal.reveal',
  }),
  reason: line(200, 2).openapi({ description: 'Why; recorded, shown to who approves, and written into the file' }),
  password: z
    .string()
    .min(8)
    .max(128)
    // Zip programs on Windows encode other characters each in its own way.
    .regex(/^[\x20-\x7e]*$/)
    .optional()
    .openapi({
      description:
        'Puts the workbook into a zip encrypted with it (AES-256); kept sealed, and only until the file is written',
    }),
});
export type ExportInput = z.output<typeof ExportInput>;

const Count = z.number().int().min(0);

export const ExportView = obj({
  id: Id,
  list: z.enum(LISTS),
  state: z.enum(EXPORT_STATES),
  /** In words, masked as in lists: what narrows the list. */
  filter: z.array(obj({ label: z.string(), value: z.string() })),
  columns: z.array(z.string()).nullable().openapi({ description: 'null: all of them' }),
  versions: z.enum(VERSION_MODES),
  clear: z.boolean(),
  reason: z.string(),
  /** The file is a zip with a password. */
  locked: z.boolean(),
  rows: obj({
    expected: Count.openapi({ description: 'Counted when it was asked for, then in the snapshot' }),
    capped: z.boolean().openapi({ description: 'true: `expected` or more' }),
    written: Count.nullable().openapi({ description: 'Rows of the file; null until it is ready' }),
  }),
  progress: obj({
    rows: Count,
    total: Count,
    rowsPerSecond: z.number().min(0),
    secondsLeft: Count.nullable(),
  })
    .nullable()
    .openapi({ description: 'While it runs' }),
  snapshotAt: Moment.nullable().openapi({ description: 'The moment whose data the file holds' }),
  snapshots: Count.openapi({
    description: 'More than 1: the first moment was too long ago, so data of a later one was taken',
  }),
  restarts: Count.openapi({ description: 'How often the file was begun again because its worker died or met a fault' }),
  file: obj({ name: z.string(), bytes: Count, expiresAt: Moment }).nullable(),
  fault: obj({
    code: z.string(),
    params: z.record(z.union([z.string(), z.number()])),
    message: z.string(),
  }).nullable(),
  approval: obj({
    needed: z.boolean(),
    decision: z.enum(['approved', 'rejected']).nullable(),
    by: z.string().nullable(),
    at: Moment.nullable(),
    reason: z.string().nullable(),
  })
    .nullable()
    .openapi({ description: 'null: none is needed' }),
  requester: obj({ id: Id, name: z.string() }),
  requestedAt: Moment,
  startedAt: Moment.nullable(),
  finishedAt: Moment.nullable(),
  actions: z
    .array(z.enum(['cancel', 'link', 'approve']))
    .openapi({ description: 'What this caller may do with it now' }),
}).openapi('Export');

export const ActiveExports = obj({ items: z.array(ExportView) });
export const ExportPage = page(ExportView).openapi('ExportPage');
export const ExportsQuery = obj({ ...paging });
export const ExportParams = obj({ id: Id });

export const Decision = obj({ decision: z.enum(['approve', 'reject']), reason: line(200, 2) });

export const ExportLink = obj({
  url: z
    .string()
    .openapi({ description: 'Of the file, on this host. For this account, in a session of its own, only' }),
  expiresAt: Moment,
});
export const FileQuery = obj({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

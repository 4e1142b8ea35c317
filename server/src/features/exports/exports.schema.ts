import { Flag, line, obj, z } from '../../http/index.ts';
import { personFilters } from '../people/index.ts';
import { submissionFilters } from '../submissions/index.ts';

/** What every export takes beside the list's own filters. */
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
export type ExportOptions = { columns?: string | undefined; clear?: boolean | undefined; reason?: string | undefined };

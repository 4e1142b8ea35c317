import { Day, Flag, Id, line, Moment, obj, page, paging, TextSchema, z } from '../../http/index.ts';
import { FormKey, VersionNumber } from '../forms/index.ts';
import { Reason, Timeline } from '../people/index.ts';
import { DECISIONS, SOURCES, STATUSES } from './submissions.model.ts';

export const SubmissionParams = obj({ id: Id });
export const PageQuery = obj(paging);

/** Answers are judged by the form's version (`checkForm`), not by this shape. */
const Answers = z
  .record(z.unknown())
  .openapi({ description: "Answers by field key; see the JSON Schema of the form's version" });
const rev = z.number().int().min(0).max(1_000_000);
const version = z.number().int().min(1).max(1_000_000);

// Citizens
export const DraftInput = obj({ version, answers: Answers, step: z.number().int().min(0).max(100), rev });
export const Draft = obj({ version, answers: Answers, step: z.number().int(), rev, savedAt: Moment });
export const SubmitInput = obj({ version, answers: Answers });
const receipt = {
  id: Id,
  receiptNumber: z.string(),
  formKey: FormKey,
  version,
  status: z.enum(STATUSES),
  submittedAt: Moment,
};
export const Receipt = obj(receipt);
const own = { ...receipt, title: TextSchema.optional() };
export const OwnSubmissions = page(obj(own));
export const OwnSubmission = obj({
  ...own,
  answers: Answers,
  rev,
  /** Why it was returned or rejected. */
  review: obj({ decision: z.enum(DECISIONS), reason: z.string().nullable(), at: Moment }).nullable(),
  mayCorrect: z.boolean().openapi({ description: 'It was returned, or may still be changed' }),
  correctUntil: Moment.nullable().openapi({ description: 'null: no limit, or not at all' }),
  history: z.array(obj({ at: Moment, action: z.string(), by: z.enum(['citizen', 'staff', 'system']) })),
});
export const CorrectInput = obj({ answers: Answers, rev });

// Staff
const region = z.string().regex(/^\d{6}$/);
/** The filters of the list, also of its export. */
export const submissionFilters = {
  form: FormKey.optional(),
  version: VersionNumber.optional(),
  status: z.enum(STATUSES).optional(),
  source: z.enum(SOURCES).optional(),
  q: line(60).optional().openapi({ description: 'The beginning of a name, or a whole receipt number' }),
  phone: line(30).optional().openapi({ description: 'A whole phone number' }),
  document: line(40).optional().openapi({ description: 'A whole document number' }),
  region: region.optional().openapi({ description: 'Submissions of this region and those below it' }),
  person: Id.optional(),
  import: Id.optional(),
  claimed: Flag.optional().openapi({ type: 'boolean', description: 'true: those whose person has to be verified' }),
  from: Day.optional().openapi({ description: 'Submitted on this day (Asia/Shanghai) or later' }),
  to: Day.optional().openapi({ description: 'Submitted on this day or earlier' }),
  facet: z
    .string()
    .max(500)
    .regex(/^[a-z][a-zA-Z0-9]{0,39}:[^,:]{1,100}(,[a-z][a-zA-Z0-9]{0,39}:[^,:]{1,100}){0,4}$/)
    .optional()
    .openapi({
      description: 'Filterable answers, `key:value`, up to five with commas between; needs `form`',
      example: 'fever:yes',
    }),
  queue: Flag.optional().openapi({
    type: 'boolean',
    description: 'true: what waits for a decision, of forms whose records are reviewed',
  }),
  deleted: Flag.optional().openapi({ type: 'boolean', description: 'true: the recycle bin' }),
};
export type SubmissionFilters = { [K in keyof typeof submissionFilters]?: z.output<(typeof submissionFilters)[K]> };
export const SubmissionsQuery = obj({
  ...submissionFilters,
  ...paging,
  sort: z
    .string()
    .max(60)
    .regex(/^-?(submittedAt|answers\.[a-z][a-zA-Z0-9]{0,39})$/)
    .optional()
    .openapi({
      description:
        'Default `-submittedAt`, newest first; `answers.KEY` of the form’s sorts needs `form`. With `q` it is always by name',
      example: '-submittedAt',
    }),
  count: Flag.optional(),
});

export const StatisticsQuery = obj({
  form: FormKey,
  by: FormKey.openapi({ description: 'Key of a field whose answers fall into groups' }),
});
export const Statistics = obj({
  field: z.string(),
  smallest: z.number().int().openapi({ description: 'Counts from 1 up to below this are left out' }),
  cells: z.array(
    obj({
      value: z.string().nullable().openapi({ description: 'Code of the group; null: no answer' }),
      text: z.string(),
      count: z
        .number()
        .int()
        .nullable()
        .openapi({ description: 'null: too few to be said, or to keep one from being worked out' }),
    }),
  ),
});

const ReviewView = obj({
  decision: z.enum(DECISIONS),
  reason: z.string().nullable(),
  at: Moment,
  by: z.string(),
});
export const ReviewInput = obj({
  decision: z.enum(DECISIONS),
  reason: Reason.optional().openapi({ description: 'Said to the sender; needed to return or reject' }),
  rev,
});
const MOST_AT_ONCE = 200;
const some = z
  .array(obj({ id: Id, rev }))
  .min(1)
  .max(MOST_AT_ONCE);
export const BulkReviewInput = obj({
  items: some,
  decision: z.enum(DECISIONS),
  reason: Reason.optional(),
});
export const BulkDeleteInput = obj({ items: some, reason: Reason });
export const BulkResult = obj({
  done: z.array(Id),
  failed: z.array(obj({ id: Id, code: z.string() })).openapi({ description: 'Each with the code of its problem' }),
});

const masked = z.string().nullable().openapi({ description: 'Masked' });
const summary = {
  ...receipt,
  source: z.enum(SOURCES),
  personId: Id.nullable(),
  claimed: z.boolean(),
  name: z.string().nullable(),
  phone: masked,
  document: masked,
  regionName: z.string().nullable(),
  answers: Answers.openapi({ description: 'By field key; those of sensitive fields as masked text' }),
  updatedAt: Moment,
  deletedAt: Moment.nullable(),
  rev: z.number().int(),
};
export const SubmissionPage = page(obj(summary));
const keys = z.array(z.string());

export const SubmissionDetail = obj({
  ...summary,
  deletedBy: z.string().nullable(),
  importId: Id.nullable(),
  row: z.number().int().nullable(),
  review: ReviewView.nullable(),
  /** The answered fields whose values are masked and can be revealed. */
  sensitive: keys,
  /** Fields that this caller may not see. */
  hidden: keys,
  /** Fields that this caller may not change; sending them back is no fault where they are shown. */
  readOnly: keys,
  history: Timeline.shape.items,
});

export const SubmissionInput = obj({ form: FormKey, version: version.optional(), answers: Answers });
export const SubmissionEdit = obj({
  answers: Answers.openapi({
    description:
      'All answers. Those that are read masked: left out = as it is, null = removed. What is hidden or read-only stays',
  }),
  rev,
});
export const RevealInput = obj({ fields: z.array(FormKey).min(1).max(200), reason: Reason });

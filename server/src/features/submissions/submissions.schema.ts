import { Day, Flag, Id, line, Moment, obj, page, paging, TextSchema, z } from '../../http/index.ts';
import { FormKey, VersionNumber } from '../forms/index.ts';
import { Reason, Timeline } from '../people/index.ts';
import { SOURCES, STATUSES } from './submissions.model.ts';

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
  history: z.array(obj({ at: Moment, action: z.string(), by: z.enum(['citizen', 'staff', 'system']) })),
});

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
  deleted: Flag.optional().openapi({ type: 'boolean', description: 'true: the recycle bin' }),
};
export type SubmissionFilters = { [K in keyof typeof submissionFilters]?: z.output<(typeof submissionFilters)[K]> };
export const SubmissionsQuery = obj({ ...submissionFilters, ...paging, count: Flag.optional() });

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
};
export const SubmissionPage = page(obj(summary));
export const SubmissionDetail = obj({
  ...summary,
  rev: z.number().int(),
  deletedBy: z.string().nullable(),
  importId: Id.nullable(),
  row: z.number().int().nullable(),
  /** The answered fields whose values are masked and can be revealed. */
  sensitive: z.array(z.string()),
  history: Timeline.shape.items,
});

export const SubmissionInput = obj({ form: FormKey, version: version.optional(), answers: Answers });
export const SubmissionEdit = obj({
  answers: Answers.openapi({
    description: 'All answers. Those of sensitive fields, which are read masked: left out = as it is, null = removed',
  }),
  rev,
});
export const RevealInput = obj({ fields: z.array(FormKey).min(1).max(200), reason: Reason });

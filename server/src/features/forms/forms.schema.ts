import { Day, Id, line, Moment, obj, page, paging, TextSchema, z } from '../../http/index.ts';
import { CHANGE_CLASSES, CHANGE_KINDS, CHANGE_REASONS, CHANGED_THINGS } from '../../../shared/forms/changes.ts';
import { MOST_MAPPINGS } from '../../../shared/forms/mappings.ts';
import { isMapping } from '../../../shared/forms/vet-mappings.ts';
import { FORM_STATUSES } from './forms.model.ts';
import { PROPOSAL_STATES } from './proposals.model.ts';

/** A form's key, also part of its address. */
export const FormKey = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]{0,39}$/)
  .openapi({ example: 'healthDeclaration' });
export const VersionNumber = z.coerce.number().int().min(1).max(1_000_000).openapi({ example: 3 });

export const FormParams = obj({ formKey: FormKey });
export const VersionParams = obj({ formKey: FormKey, number: VersionNumber });
export const PageQuery = obj(paging);

/** A form's content is data: what it may hold is judged by `vetForm`, not by this shape. */
const Content = z.record(z.unknown()).openapi({
  description: 'FormContent: title, intro, steps of fields, dedupe. Judged as a whole when it is published.',
});
const Status = z.enum(FORM_STATUSES);

// What citizens see
export const OpenForm = obj({
  key: FormKey,
  version: z.number().int(),
  title: TextSchema,
  intro: TextSchema.optional(),
});
export const OpenForms = obj({ items: z.array(OpenForm) });
export const PublishedForm = obj({ key: FormKey, version: z.number().int(), content: Content });
export const OpenFormNow = PublishedForm.extend({
  accepts: z
    .array(obj({ version: z.number().int(), until: Moment }))
    .openapi({ description: 'Earlier versions that may still be sent by who has begun on them' }),
});

// What staff see
export const FormSummary = obj({
  key: FormKey,
  title: TextSchema,
  status: Status,
  currentVersion: z.number().int().nullable(),
  updatedAt: Moment,
  updatedBy: z.string(),
});
export const FormPage = page(FormSummary);

const Issue = obj({ path: z.string(), code: z.string(), params: z.record(z.union([z.string(), z.number()])) });
const note = z.string().max(1_000).nullable();
const graceHours = z
  .number()
  .min(0)
  .max(24 * 90)
  .openapi({
    description: 'How long answers begun on earlier versions may still be sent, hours; default 24',
  });
/** How answers go over: judged as a whole against both versions (`shared/forms/vet-mappings.ts`). */
export const Mappings = z
  .array(z.record(z.unknown()).refine(isMapping, { params: { code: 'shape', expected: 'mapping' } }))
  .max(MOST_MAPPINGS)
  .openapi({
    description: 'rename, split, divide, merge, recode, default; in order',
    example: [{ op: 'rename', from: 'tel', to: 'phone' }],
  });
const versionFacts = {
  number: z.number().int(),
  publishedAt: Moment,
  publishedBy: z.string(),
  reviewedBy: z.string().nullable(),
  note,
  rollBackTo: z.number().int().nullable(),
  graceHours: z.number(),
  /** `current`; `grace`: answers begun on it are still taken; `retired`. */
  state: z.enum(['current', 'grace', 'retired']),
  acceptedUntil: Moment.nullable(),
};
const proposal = {
  id: Id,
  state: z.enum(PROPOSAL_STATES),
  rev: z.number().int(),
  basedOn: z.number().int().nullable(),
  rollBackTo: z.number().int().nullable(),
  graceHours: z.number(),
  note,
  publishAt: Moment.nullable(),
  proposedBy: z.string(),
  proposedAt: Moment,
  reviewedBy: z.string().nullable(),
  reviewedAt: Moment.nullable(),
  reason: z.string().nullable().openapi({ description: 'Why it was returned, or the code of why it failed' }),
  number: z.number().int().nullable().openapi({ description: 'The version that it became' }),
  endedAt: Moment.nullable(),
  /** What the caller may do with it now. */
  actions: z.array(z.enum(['approve', 'return', 'cancel'])),
};
export const ProposalParams = obj({ formKey: FormKey, id: Id });
export const Proposals = obj({ items: z.array(obj(proposal)) });

const said = obj({ 'zh-CN': z.string(), en: z.string() });
const diff = {
  class: z.enum(CHANGE_CLASSES),
  changes: z.array(
    obj({
      of: z.enum(CHANGED_THINGS),
      change: z.enum(CHANGE_KINDS),
      key: z.string(),
      field: z.string().optional(),
      property: z.string().optional(),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
      class: z.enum(CHANGE_CLASSES),
      reason: z.enum(CHANGE_REASONS),
      mappedBy: z.array(z.number().int()).openapi({ description: 'Places of the mappings that see to it' }),
      words: said,
      why: said,
    }),
  ),
};
/** A side of a comparison: a version's number, or what is being worked on. */
const Side = z
  .string()
  .regex(/^(working|[1-9]\d{0,6})$/)
  .openapi({ example: '3' });
export const DiffQuery = obj({ from: Side, to: Side });
export const Diff = obj({ from: Side, to: Side, ...diff });
export const ProposalDetail = obj({
  ...proposal,
  content: Content,
  mappings: Mappings,
  /** Against the version that is current now; null before the first. */
  diff: obj(diff).nullable(),
});

export const RulesQuery = obj({ day: Day });
export const RulesOfDay = obj({
  day: Day,
  items: z
    .array(obj({ ...versionFacts, from: Moment, until: Moment.nullable(), current: z.boolean() }))
    .openapi({ description: 'The versions that answers were taken on at any moment of that day (Asia/Shanghai)' }),
});

export const FormDetail = FormSummary.extend({
  workingVersion: obj({ content: Content, rev: z.number().int(), updatedBy: z.string(), updatedAt: Moment }),
  /** What keeps the working version from being published, as far as can be said at once. */
  issues: z.array(Issue),
  /** Another person looks at a version before it is published. */
  reviewed: z.boolean(),
  /** What waits to be published. */
  proposal: obj(proposal).nullable(),
  versions: z.array(obj(versionFacts)),
});
export const FormVersion = obj({
  key: FormKey,
  version: z.number().int(),
  content: Content,
  publishedAt: Moment,
  publishedBy: z.string(),
  mappings: Mappings,
});
export const AnswersSchema = z.object({}).strict().catchall(z.unknown()).openapi({ description: 'A JSON Schema' });

export const FormInput = obj({
  key: FormKey,
  title: TextSchema,
  content: Content.optional(),
  region: z
    .string()
    .regex(/^\d{6}$/)
    .nullable()
    .default(null)
    .openapi({ description: 'The region whose administrators may edit it; null = the whole installation' }),
});
const rev = z.number().int().min(0);
export const WorkingVersionInput = obj({ content: Content, rev });
const publishing = {
  rev,
  rollBackTo: z.number().int().min(1).optional().openapi({
    description: 'Publish the content of this version again, under a new number; the working version stays',
  }),
  graceHours: graceHours.optional(),
  mappings: Mappings.optional(),
  note: line(1_000).optional().openapi({ description: 'What changed, in the publisher’s words' }),
};
export const PublishInput = obj(publishing);
export const ProposalInput = obj({
  ...publishing,
  publishAt: Moment.optional().openapi({
    description: 'When to publish it; left out: as soon as it is approved. Needed for a form that nobody else reviews',
  }),
});
export const ReturnInput = obj({ reason: line(1_000) });
export const ReviewRule = obj({ reviewed: z.boolean() });

// A citizen's answers on a newer version
export const CarryInput = obj({
  version: z.number().int().min(1).max(1_000_000),
  answers: z.record(z.unknown()),
});
const loss = obj({ key: z.string(), label: said, code: z.string(), words: said });
export const Carried = obj({
  version: z.number().int(),
  content: Content,
  answers: z.record(z.unknown()).openapi({ description: 'Those that still fit, under the new version’s keys' }),
  lost: z.array(loss).openapi({ description: 'Answers that do not come along, and why' }),
  changes: z.array(said).openapi({ description: 'What is different for who fills it in' }),
});
export const StatusInput = obj({ status: Status });

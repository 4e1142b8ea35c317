import { Moment, obj, page, paging, TextSchema, z } from '../../http/index.ts';

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
const Status = z.enum(['open', 'closed']);

// What citizens see
export const OpenForm = obj({
  key: FormKey,
  version: z.number().int(),
  title: TextSchema,
  intro: TextSchema.optional(),
});
export const OpenForms = obj({ items: z.array(OpenForm) });
export const PublishedForm = obj({ key: FormKey, version: z.number().int(), content: Content });

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
export const FormDetail = FormSummary.extend({
  workingVersion: obj({ content: Content, rev: z.number().int(), updatedBy: z.string(), updatedAt: Moment }),
  /** What keeps the working version from being published, as far as can be said at once. */
  issues: z.array(Issue),
  versions: z.array(obj({ number: z.number().int(), publishedAt: Moment, publishedBy: z.string() })),
});
export const FormVersion = obj({
  key: FormKey,
  version: z.number().int(),
  content: Content,
  publishedAt: Moment,
  publishedBy: z.string(),
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
export const PublishInput = obj({
  rev,
  rollBackTo: z.number().int().min(1).optional().openapi({
    description: 'Publish the content of this version again, under a new number; the working version stays',
  }),
});
export const StatusInput = obj({ status: Status });

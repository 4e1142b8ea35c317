import { Id, Moment, obj, z } from '../../http/index.ts';
import { FormKey, Mappings } from '../forms/index.ts';
import { MIGRATION_OUTCOMES } from '../submissions/index.ts';
import { MIGRATION_ACTIONS, MIGRATION_STATES } from './form-migrations.states.ts';

export const FormParams = obj({ formKey: FormKey });
export const MigrationParams = obj({ formKey: FormKey, id: Id });
export const ActionParams = obj({ formKey: FormKey, id: Id, action: z.enum(MIGRATION_ACTIONS) });

const Count = z.number().int().min(0);
const said = obj({ 'zh-CN': z.string(), en: z.string() });

export const MigrationInput = obj({
  target: z.enum(['current', 'working']).openapi({
    description:
      'The published version, or what is being worked on: this can be counted, and started once it is published',
  }),
  rev: Count.optional().openapi({ description: 'Of the working version that is meant; needed with `working`' }),
  mappings: Mappings.optional().openapi({
    description: 'From the version before; default: those it was published with',
  }),
  dropLost: z.boolean().default(false).openapi({
    description: 'Records that would lose answers go over without these (the originals are kept); else they stay',
  }),
});

const Counts = obj({
  read: Count,
  moved: Count.openapi({ description: 'Those that go over' }),
  ...(Object.fromEntries(MIGRATION_OUTCOMES.map((outcome) => [outcome, Count])) as Record<
    (typeof MIGRATION_OUTCOMES)[number],
    typeof Count
  >),
}).openapi({ description: 'Records by what becomes of them; `read` is the sum of all but `moved`' });

const hit = { key: z.string(), label: said, code: z.string(), words: said };
const seen = { key: z.string(), label: said, text: z.string() };
const Sample = obj({
  id: Id,
  receiptNumber: z.string(),
  version: z.number().int(),
  outcome: z.enum(MIGRATION_OUTCOMES),
  lost: z.array(obj({ ...hit, value: z.string().nullable().openapi({ description: 'As the caller may see it' }) })),
  missing: z.array(obj(hit)),
  before: z.array(obj(seen)).openapi({ description: 'The answers that change, as the caller may see them' }),
  after: z.array(obj(seen)).openapi({ description: 'What they become, or became' }),
});
const Check = obj({
  at: Moment.openapi({ description: 'The moment that the counts are about' }),
  records: Counts,
  drafts: obj({ read: Count, lossy: Count }),
  losses: z
    .array(obj({ ...hit, missing: z.boolean(), records: Count, drafts: Count }))
    .openapi({ description: 'How many answers to each field are hit; `missing`: needed, and not there' }),
});

const summary = {
  id: Id,
  rev: Count,
  formKey: FormKey,
  version: z.number().int().nullable().openapi({ description: 'null: a working version, not published yet' }),
  mappings: Mappings,
  dropLost: z.boolean(),
  state: z.enum(MIGRATION_STATES),
  asked: z.boolean().openapi({ description: 'Its stop was asked for; its worker has not obeyed yet' }),
  check: Check.nullable(),
  counts: Counts,
  undo: obj({ restored: Count, kept: Count }).nullable(),
  progress: obj({ done: Count, total: Count }),
  fault: obj({ code: z.string() }).nullable(),
  createdBy: z.string(),
  createdAt: Moment,
  startedBy: z.string().nullable(),
  startedAt: Moment.nullable(),
  finishedAt: Moment.nullable(),
  actions: z.array(z.enum(MIGRATION_ACTIONS)),
};
export const Migration = obj(summary);
export const Migrations = obj({ items: z.array(Migration) });
export const MigrationDetail = obj({
  ...summary,
  samples: z
    .array(Sample)
    .openapi({ description: 'Some of the records that are hit or changed, of those that the caller may read' }),
});

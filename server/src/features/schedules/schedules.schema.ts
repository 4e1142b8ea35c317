import { Id, Moment, obj, page, paging, TextSchema, z } from '../../http/index.ts';

const JobName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,60}$/)
  .openapi({ example: 'expired-drafts' });

export const JobParams = obj({ job: JobName });

export const RunItem = obj({
  id: z.string().openapi({ example: 'expired-drafts@2026-11-21T19:30:00.000Z' }),
  job: JobName,
  scheduledAt: Moment.openapi({ description: 'The tick, or when it was asked for' }),
  asked: obj({ accountId: Id, name: z.string() })
    .nullable()
    .openapi({ description: 'Who had it run now; null for a tick' }),
  state: z.enum(['waiting', 'running', 'held', 'done', 'dead', 'dismissed']).openapi({
    description:
      'waiting: for its time, or for another try. held: the job is paused. dead: given up after too many failures. dismissed: dead, and let rest by an operator',
  }),
  nextTryAt: Moment.nullable().openapi({ description: 'Of a waiting one' }),
  startedAt: Moment.nullable().openapi({ description: 'Of the last try' }),
  endedAt: Moment.nullable(),
  seconds: z.number().nullable().openapi({ description: 'What the last try took, when it has ended' }),
  attempts: z.number().int().openapi({ description: 'Tries that failed' }),
  fault: z.string().nullable().openapi({ description: 'Code or class of the last failure' }),
  holder: z.string().nullable().openapi({ description: 'Host and process of the last try' }),
  result: z.record(z.number()).nullable().openapi({ description: 'What it counted, by name' }),
});

export const ScheduleItem = obj({
  job: JobName,
  label: TextSchema,
  pattern: z.string().openapi({ example: '30 3 * * *' }),
  timeZone: z.literal('Asia/Shanghai'),
  missed: z.enum(['latest', 'all', 'skip']).openapi({
    description: 'What becomes of ticks that passed while nobody ran: the last of them runs, all do, or none does',
  }),
  timeLimitSeconds: z.number(),
  state: z.enum(['off', 'paused', 'running', 'idle']),
  off: TextSchema.nullable().openapi({ description: 'Why it does not run in this installation' }),
  warning: TextSchema.nullable().openapi({ description: 'What an operator should know now' }),
  paused: obj({ at: Moment, by: z.string() }).nullable(),
  skippedTicks: z
    .number()
    .int()
    .openapi({ description: 'Ticks that passed while nobody ran and were not made up for' }),
  nextRuns: z.array(Moment).openapi({ description: 'The next three ticks; none while it is off or paused' }),
  lastRun: RunItem.nullable(),
  lastSuccessAt: Moment.nullable(),
});

export const ScheduleList = obj({ items: z.array(ScheduleItem) });

export const RunsQuery = obj(paging);
export const RunPage = page(RunItem);

const Kind = z
  .string()
  .regex(/^[a-z][a-z-]{1,30}$/)
  .openapi({ example: 'import' });

export const DeadWorkItem = obj({
  kind: Kind,
  kindLabel: TextSchema,
  id: z.string(),
  about: z.string().nullable().openapi({ description: 'Name of a job, key of a form' }),
  since: Moment,
  attempts: z.number().int(),
  fault: z.string().nullable().openapi({ description: 'Code or class of the last failure' }),
});

export const DeadWorkQuery = obj(paging);
export const DeadWorkPage = page(DeadWorkItem);

export const DeadWorkParams = obj({
  kind: Kind,
  id: z
    .string()
    .regex(/^[A-Za-z0-9@:._|-]{1,120}$/)
    .openapi({ example: '65f0c0ffee0ddba11ca7b0a7' }),
});

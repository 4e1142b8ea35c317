import { line, Moment, obj, page, paging, z } from '../../http/index.ts';
import { RELEASE_KINDS, RELEASE_STATES } from './releases.states.ts';

/** What is longer than the kept part is cut, not refused: a record must not fail for a long fault. */
const MOST_MESSAGE = 20_000;
export const KEPT_MESSAGE = 2_000;

export const ReleaseId = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z._-]{3,79}$/)
  .openapi({ example: '20261122-093000-1a2b3c4' });

const Commit = z
  .string()
  .regex(/^[0-9a-f]{7,64}$/)
  .openapi({ example: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d' });
const Artifact = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .openapi({
    description: 'SHA-256 of the artifact',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  });
const Host = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z._:-]{0,79}$/)
  .openapi({ example: 'host1' });
const Step = line(120).openapi({ example: 'drained' });
const State = z.enum(RELEASE_STATES);
const Kind = z.enum(RELEASE_KINDS);
const Seq = z.number().int().min(0).max(1_000_000);
const DurationMs = z
  .number()
  .min(0)
  .max(7 * 24 * 3_600_000);
const Message = z.string().max(MOST_MESSAGE);
const Operator = line(60).openapi({
  description: 'Name of the operator: that of his account in the system backend',
  example: 'li.lei',
});

/** What the operator's program, or a host for it, tells of a release. */
export const ReleaseEventInput = obj({
  release: ReleaseId,
  seq: Seq.openapi({
    description: 'Counts the events of a release; the same event keeps its number when it is sent again',
  }),
  at: Moment,
  state: State,
  by: Operator,
  kind: Kind.optional(),
  target: ReleaseId.optional().openapi({
    description: 'The release put in service, when the attempt has an id of its own',
  }),
  environment: Host.optional(),
  host: Host.optional(),
  step: Step.optional(),
  durationMs: DurationMs.optional(),
  message: Message.optional().openapi({ description: 'Lines of the log' }),
  commit: Commit.optional(),
  ref: line(200).optional(),
  artifact: Artifact.optional(),
  approvalRequired: z.boolean().optional().openapi({ description: 'Once true, it can’t be taken back' }),
});

export const ReleaseVerdict = obj({
  id: ReleaseId,
  state: State,
  approval: obj({ required: z.boolean(), by: z.string().nullable(), at: Moment.nullable() }).openapi({
    description: 'by and at: of an approval that holds for the commit and artifact of now',
  }),
});

const HostItem = obj({
  name: z.string(),
  state: State,
  startedAt: Moment,
  endedAt: Moment.nullable(),
  durationMs: z.number().nullable(),
});

const shape = {
  id: ReleaseId,
  kind: Kind,
  target: ReleaseId.nullable(),
  environment: z.string().nullable(),
  state: State,
  by: z.string().openapi({ description: 'Who began it' }),
  ref: z.string().nullable(),
  commit: z.string().nullable(),
  artifact: z.string().nullable(),
  startedAt: Moment,
  endedAt: Moment.nullable(),
  durationMs: z.number().nullable().openapi({ description: 'From its beginning to its end' }),
  hosts: z.array(HostItem),
  approval: obj({
    required: z.boolean(),
    by: z.string().nullable(),
    at: Moment.nullable(),
    waiting: z.boolean(),
    expiresAt: Moment.nullable().openapi({ description: 'Of a waiting one: it has failed then' }),
    expired: z.boolean(),
    missing: z.boolean().openapi({ description: 'Hosts were changed without the approval that was required' }),
  }),
};

const EventItem = obj({
  seq: Seq,
  at: Moment,
  receivedAt: Moment,
  state: State,
  by: z.string(),
  host: z.string().nullable(),
  step: z.string().nullable(),
  durationMs: z.number().nullable(),
  message: z.string().nullable(),
});

export const ReleaseRecord = obj({ ...shape, events: z.array(EventItem).optional() });
export const ReleaseRecords = obj({ items: z.array(ReleaseRecord) });
export const ReleaseAsked = obj({
  id: ReleaseId.optional().openapi({ description: 'This one, with its events' }),
  limit: z.number().int().min(1).max(1_000).optional().openapi({ description: 'So many of the newest; default 20' }),
});

export const ReleaseParams = obj({ id: ReleaseId });
export const ReleasesQuery = obj({ ...paging, state: State.optional(), waiting: z.literal('true').optional() });
export const ReleasePage = page(obj(shape));
export const ReleaseDetail = obj({
  ...shape,
  mayApprove: z.boolean().openapi({ description: 'The caller may approve it now' }),
  events: z.array(EventItem),
});
export const ApproveInput = obj({
  commit: Commit.nullable().openapi({ description: 'What the approver looked at; another one by now is refused' }),
  artifact: Artifact.nullable(),
});

import type { Connection, Model, Types } from 'mongoose';
import type { FormContent } from '../../../shared/fields/types.ts';
import type { Mapping } from '../../../shared/forms/mappings.ts';
import { workDefinition, type Work } from '../../infra/jobs/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';

/**
 * - `review`: another person is to look at it.
 * - `scheduled`: will be published at its time.
 * - the rest are ends; `returned`: by the reviewer, with a reason; `failed`: it could not be published any more.
 */
export const PROPOSAL_STATES = ['review', 'scheduled', 'published', 'returned', 'cancelled', 'failed'] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

interface Who {
  accountId: string;
  name: string;
}

/** A version that is to be published, as it was handed in: work on the working version may go on. Work of the publishing job. */
export interface ProposalDoc {
  _id: Types.ObjectId;
  formKey: string;
  content: FormContent;
  /** Of the working version that it was taken from. */
  rev: number;
  /** The current version at that time; with another one it must be looked at again. */
  basedOn: number | null;
  rollBackTo: number | null;
  graceHours: number;
  mappings: Mapping[];
  note: string | null;
  /** null: as soon as it may be. */
  publishAt: Date | null;
  state: ProposalState;
  /** In review or scheduled: one of a form at a time. */
  waiting: boolean;
  proposedBy: Who;
  proposedAt: Date;
  reviewedBy: Who | null;
  reviewedAt: Date | null;
  /** Why it was returned, or the code of why it failed. */
  reason: string | null;
  /** The version that it became. */
  number: number | null;
  endedAt: Date | null;
  work: Work;
}

const who = { _id: false, accountId: String, name: String } as const;

const proposalSchema = () =>
  defineSchema<ProposalDoc>({
    formKey: { type: String, required: true },
    content: { type: 'Mixed', required: true },
    rev: { type: Number, required: true },
    basedOn: { type: Number, default: null },
    rollBackTo: { type: Number, default: null },
    graceHours: { type: Number, required: true },
    mappings: { type: ['Mixed'], default: [] },
    note: { type: String, default: null },
    publishAt: { type: Date, default: null },
    state: { type: String, enum: PROPOSAL_STATES, required: true },
    waiting: { type: Boolean, required: true },
    proposedBy: { type: who, required: true },
    proposedAt: { type: Date, required: true },
    reviewedBy: { type: who, default: null },
    reviewedAt: { type: Date, default: null },
    reason: { type: String, default: null },
    number: { type: Number, default: null },
    endedAt: { type: Date, default: null },
    work: workDefinition,
  });

/** Versions that wait for their publishing, and what became of earlier ones. */
export const proposalModel = (connection: Connection): Model<ProposalDoc> =>
  (connection.models['FormProposal'] as Model<ProposalDoc> | undefined) ??
  connection.model<ProposalDoc>('FormProposal', proposalSchema(), 'formProposals');

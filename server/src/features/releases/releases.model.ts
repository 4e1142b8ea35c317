import type { Connection, Model } from 'mongoose';
import { defineSchema } from '../../infra/mongo/index.ts';
import { RELEASE_KINDS, RELEASE_STATES, type ReleaseKind, type ReleaseState } from './releases.states.ts';

/** More of them are refused: a release of a hundred hosts has about a thousand. */
export const MAX_EVENTS = 1_000;

/** What the operator's program told. `seq` counts in a release; what an event doesn't say is null. */
export interface ReleaseEvent {
  seq: number;
  /** By the clock of who told it. */
  at: Date;
  receivedAt: Date;
  state: ReleaseState;
  /** The operator's name. */
  by: string;
  kind: ReleaseKind | null;
  /** The release that is put in service, where the attempt has an id of its own (a rollback). */
  target: string | null;
  environment: string | null;
  host: string | null;
  step: string | null;
  durationMs: number | null;
  message: string | null;
  commit: string | null;
  ref: string | null;
  /** SHA-256, hex. */
  artifact: string | null;
  approvalRequired: boolean | null;
}

/** It holds for this commit, and for this artifact or (null) the first one that is made of it. */
export interface ReleaseApproval {
  accountId: string;
  by: string;
  at: Date;
  commit: string | null;
  artifact: string | null;
}

/** What the events add up to; stored beside them, so that a list needs no events. */
export interface ReleaseSummary {
  kind: ReleaseKind;
  target: string | null;
  environment: string | null;
  state: ReleaseState;
  /** The author: who began it. */
  by: string;
  commit: string | null;
  ref: string | null;
  artifact: string | null;
  approvalRequired: boolean;
  /** An approval holds for what it is now. */
  approved: boolean;
  /** It waits for another person. */
  waiting: boolean;
  /** Hosts were changed although an approval was required and none was there: events came in another order, or somebody forced it. */
  unapproved: boolean;
  hosts: ReleaseHost[];
  startedAt: Date;
  endedAt: Date | null;
}

export interface ReleaseHost {
  name: string;
  state: ReleaseState;
  startedAt: Date;
  /** null while it is at work. */
  endedAt: Date | null;
}

/** One attempt to put a release in service. */
export interface ReleaseDoc extends ReleaseSummary {
  _id: string;
  /** Raised by every change; a writer that read an older one does nothing. */
  rev: number;
  approval: ReleaseApproval | null;
  /** Of a waiting one. */
  expiresAt: Date | null;
  /** It waited too long: its state is `failed`. */
  expiredAt: Date | null;
  /** By seq. */
  events: ReleaseEvent[];
}

/** A record without what happened in it: what lists read. */
export type ReleaseRow = Omit<ReleaseDoc, 'events'>;

const text = { type: String, default: null };
const state = { type: String, enum: RELEASE_STATES, required: true };

const eventDefinition = {
  _id: false,
  seq: { type: Number, required: true },
  at: { type: Date, required: true },
  receivedAt: { type: Date, required: true },
  state,
  by: { type: String, required: true },
  kind: { type: String, enum: [...RELEASE_KINDS, null], default: null },
  target: text,
  environment: text,
  host: text,
  step: text,
  durationMs: { type: Number, default: null },
  message: text,
  commit: text,
  ref: text,
  artifact: text,
  approvalRequired: { type: Boolean, default: null },
};

const schema = () =>
  defineSchema<ReleaseDoc>({
    _id: { type: String, required: true },
    rev: { type: Number, required: true },
    kind: { type: String, enum: RELEASE_KINDS, required: true },
    target: text,
    environment: text,
    state,
    by: { type: String, required: true },
    commit: text,
    ref: text,
    artifact: text,
    approvalRequired: { type: Boolean, required: true },
    approved: { type: Boolean, required: true },
    waiting: { type: Boolean, required: true },
    unapproved: { type: Boolean, required: true },
    hosts: [{ _id: false, name: String, state, startedAt: Date, endedAt: { type: Date, default: null } }],
    startedAt: { type: Date, required: true },
    endedAt: { type: Date, default: null },
    approval: {
      type: {
        _id: false,
        accountId: { type: String, required: true },
        by: { type: String, required: true },
        at: { type: Date, required: true },
        commit: text,
        artifact: text,
      },
      default: null,
    },
    expiresAt: { type: Date, default: null },
    expiredAt: { type: Date, default: null },
    events: [eventDefinition],
  });

export const releaseModel = (connection: Connection): Model<ReleaseDoc> =>
  (connection.models['Release'] as Model<ReleaseDoc> | undefined) ??
  connection.model<ReleaseDoc>('Release', schema(), 'releases');

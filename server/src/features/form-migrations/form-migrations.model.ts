import type { Connection, Model, Types } from 'mongoose';
import type { FormContent } from '../../../shared/fields/types.ts';
import type { Mapping } from '../../../shared/forms/mappings.ts';
import { workDefinition, type Work } from '../../infra/jobs/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';
import { MIGRATION_OUTCOMES, type MigrationOutcome } from '../submissions/index.ts';
import { MIGRATION_STATES, type MigrationPhase, type MigrationState } from './form-migrations.states.ts';

/** Records by what becomes of them; `read` is the sum. `moved`: those that are under the new version, or would be. */
export type MigrationCounts = Record<MigrationOutcome | 'read' | 'moved', number>;

export const noCounts = (): MigrationCounts => ({
  read: 0,
  moved: 0,
  ...(Object.fromEntries(MIGRATION_OUTCOMES.map((outcome) => [outcome, 0])) as Record<MigrationOutcome, number>),
});

/** How many answers to a field are hit in one way. `missing`: the new version needs it, and it is not there. */
export interface LossCount {
  key: string;
  code: string;
  missing: boolean;
  records: number;
  drafts: number;
}

/** A record that is hit, or comes to other answers. Its values are read when somebody looks, by the rights that they have then. */
export interface MigrationSample {
  id: Types.ObjectId;
  outcome: MigrationOutcome;
  lost: { key: string; code: string }[];
  missing: { key: string; code: string }[];
}

/** What a dry run counted, of one moment. */
export interface MigrationCheck {
  /** The moment that it is about. */
  at: Date;
  records: MigrationCounts;
  drafts: { read: number; lossy: number };
  losses: LossCount[];
  samples: MigrationSample[];
}

export interface Who {
  accountId: string;
  name: string;
}

/** Records of a form going over to another version: counted first, then written, from a checkpoint on; and taken back. */
export interface FormMigrationDoc {
  _id: Types.ObjectId;
  formKey: string;
  /** The version that they go over to; null while it is only being worked on: then it can be counted, and no more. */
  version: number | null;
  content: FormContent;
  /** From the version before to this one. */
  mappings: Mapping[];
  /** Records that would lose answers go over without these. */
  dropLost: boolean;
  state: MigrationState;
  /** What a worker is to do; kept when it fails, so that it can go on. */
  phase: MigrationPhase | null;
  /** Asked for while a worker has it. */
  ask: 'stop' | null;
  /** Of its form the one that writes. Missing on all others. */
  writing?: true;
  check: MigrationCheck | null;
  /** The last record that is done with. */
  position: Types.ObjectId | null;
  counts: MigrationCounts;
  undo: { position: Types.ObjectId | null; restored: number; kept: number } | null;
  /** Records that the phase in hand has gone through, and how many there are about. */
  progress: { done: number; total: number };
  fault: { code: string } | null;
  createdBy: Who;
  createdAt: Date;
  startedBy: Who | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  rev: number;
  work: Work;
}

const count = { type: Number, required: true } as const;
const who = { _id: false, accountId: String, name: String } as const;

const migrationSchema = () =>
  defineSchema<FormMigrationDoc>({
    formKey: { type: String, required: true },
    version: { type: Number, default: null },
    content: { type: 'Mixed', required: true },
    mappings: { type: ['Mixed'], default: [] },
    dropLost: { type: Boolean, required: true },
    state: { type: String, enum: MIGRATION_STATES, required: true },
    phase: { type: String, default: null },
    ask: { type: String, default: null },
    writing: Boolean,
    check: { type: 'Mixed', default: null },
    position: { type: 'ObjectId', default: null },
    counts: { type: 'Mixed', required: true },
    undo: { type: { _id: false, position: 'ObjectId', restored: Number, kept: Number }, default: null },
    progress: { type: { _id: false, done: count, total: count }, required: true },
    fault: { type: 'Mixed', default: null },
    createdBy: { type: who, required: true },
    createdAt: { type: Date, required: true },
    startedBy: { type: who, default: null },
    startedAt: { type: Date, default: null },
    finishedAt: { type: Date, default: null },
    rev: count,
    work: workDefinition,
  });

export const formMigrationModel = (connection: Connection): Model<FormMigrationDoc> =>
  (connection.models['FormMigration'] as Model<FormMigrationDoc> | undefined) ??
  connection.model<FormMigrationDoc>('FormMigration', migrationSchema(), 'formMigrations');

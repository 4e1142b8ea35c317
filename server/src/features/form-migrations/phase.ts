import type { UpdateQuery } from 'mongoose';
import { LeaseLost, type Hold } from '../../infra/jobs/index.ts';
import type { Deps } from '../../deps.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import type { Audit } from '../audit/index.ts';
import { formMigrationModel, type FormMigrationDoc } from './form-migrations.model.ts';
import type { MigrationState } from './form-migrations.states.ts';

export type MigrationHold = Hold<FormMigrationDoc>;
type Update = UpdateQuery<FormMigrationDoc>;

/** How a worker writes to the migration that it holds. */
export function createDesk({ mongo, clock }: Deps, { audit }: { audit: Audit }) {
  const migrations = formMigrationModel(mongo);

  const ON_RECORD: Partial<Record<MigrationState, AuditAction>> = {
    checked: 'records.migration_checked',
    finished: 'records.migration_finished',
    failed: 'records.migration_failed',
    undone: 'records.migration_undone',
    cancelled: 'records.migration_cancelled',
    stopped: 'records.migration_cancelled',
  };

  return {
    /** A checkpoint: progress that a worker after us need not make again. */
    checkpoint: (hold: MigrationHold, set: Partial<FormMigrationDoc>) =>
      hold.write({ $set: set, $inc: { rev: 1 } } as Update),

    /**
     * Tells how far a dry run has come, which begins anew when its worker dies: no progress as far as failures are counted.
     * Answers whether a person has asked for its end.
     * @throws LeaseLost
     */
    async note(hold: MigrationHold, progress: FormMigrationDoc['progress']): Promise<boolean> {
      hold.signal.throwIfAborted();
      const found = await migrations
        .findOneAndUpdate(
          { _id: hold.doc._id, 'work.state': 'running', 'work.fence': hold.fence },
          { $set: { progress }, $inc: { rev: 1 } },
          { returnDocument: 'after', projection: { ask: 1 } },
        )
        .lean<Pick<FormMigrationDoc, 'ask'>>();
      if (!found) throw new LeaseLost('another worker has taken over');
      return found.ask === 'stop';
    },

    /** Ends a phase, on record: in an end, or laid aside for a person. Call it in a transaction to have both at once. */
    async end(hold: MigrationHold, state: MigrationState, set: Partial<FormMigrationDoc> = {}): Promise<void> {
      const waits = state === 'checked' || state === 'stopped';
      const goesOn = state === 'stopped' || state === 'failed';
      await hold.transact(async () => {
        const doc = await hold.end({ state: waits ? 'held' : 'done', fault: null, attempts: 0 }, {
          $set: {
            ...set,
            state,
            ...(goesOn ? {} : { phase: null }),
            ask: null,
            ...(state === 'checked' ? {} : { finishedAt: clock() }),
          },
          // What is stopped in the middle keeps its form: no other migration may write meanwhile.
          ...(state === 'stopped' ? {} : { $unset: { writing: 1 } }),
          $inc: { rev: 1 },
        } as Update);
        const action = ON_RECORD[state];
        if (action)
          await audit.record({
            caller: { kind: 'system' },
            action,
            object: { type: 'formMigration', id: String(doc._id) },
            ...(state === 'failed' ? { outcome: 'failed' as const } : {}),
            facts: factsOf(doc, state),
          });
      });
    },
  };
}

export type Desk = ReturnType<typeof createDesk>;

function factsOf(doc: FormMigrationDoc, state: MigrationState): Record<string, string | number> {
  const { counts, check, undo, fault } = doc;
  if (state === 'failed') return { reason: fault?.code ?? 'internal_error' };
  if (state === 'undone') return { restored: undo?.restored ?? 0, kept: undo?.kept ?? 0 };
  return state === 'checked' ? { ...check!.records } : { ...counts };
}

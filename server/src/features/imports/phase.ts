import type { UpdateQuery } from 'mongoose';
import type { Deps } from '../../deps.ts';
import { LeaseLost, type Hold } from '../../infra/jobs/index.ts';
import type { Audit } from '../audit/index.ts';
import { importModel, type ImportDoc } from './imports.model.ts';
import type { ImportState } from './imports.states.ts';
import type { RemoveFiles } from './remove.ts';

export type ImportHold = Hold<ImportDoc>;
type Update = UpdateQuery<ImportDoc>;
type Fault = NonNullable<ImportDoc['fault']>;

/** A reader of progress is told no oftener than this, ms. */
const NOTE_MS = 500;
/** How much the latest batch counts in the rate. */
const SMOOTHING = 0.3;

export type Desk = ReturnType<typeof createDesk>;

/** How a worker writes to the import that it holds. */
export function createDesk({ mongo, clock }: Deps, { audit, removeFiles }: { audit: Audit; removeFiles: RemoveFiles }) {
  const imports = importModel(mongo);

  return {
    /** A checkpoint: progress that a worker after us need not make again. */
    checkpoint: (hold: ImportHold, update: Update) =>
      hold.write({ ...update, $inc: { ...(update.$inc as object | undefined), rev: 1 } } as Update),

    /**
     * Tells how far a step has come that begins anew when its worker dies: so it is no progress as far as failures are
     * counted. Answers what a person has asked meanwhile.
     * @throws LeaseLost
     */
    async note(hold: ImportHold, progress: ImportDoc['progress']): Promise<ImportDoc['ask']> {
      hold.signal.throwIfAborted();
      const found = await imports
        .findOneAndUpdate(
          { _id: hold.doc._id, 'work.state': 'running', 'work.fence': hold.fence },
          { $set: { progress }, $inc: { rev: 1 } },
          { returnDocument: 'after', projection: { ask: 1 } },
        )
        .lean<Pick<ImportDoc, 'ask'>>();
      if (!found) throw new LeaseLost('another worker has taken over');
      return found.ask;
    },

    /** Lays it aside for a person; unless somebody has asked for its end meanwhile. */
    async park(hold: ImportHold, state: 'mapping' | 'paused', set: Partial<ImportDoc> = {}): Promise<void> {
      const phase = state === 'paused' ? hold.doc.phase : null;
      const parked = await hold.transact(async () => {
        if (hold.doc.ask === 'cancel') return false;
        await hold.end({ state: 'held', fault: null, attempts: 0 }, {
          $set: { ...set, state, phase, ask: null },
          $inc: { rev: 1 },
        } as Update);
        return true;
      });
      if (!parked) await this.end(hold, 'cancelled');
    },

    /** Ends it, on record; then removes what nobody needs any more. */
    async end(hold: ImportHold, state: ImportState, set: Partial<ImportDoc> = {}): Promise<void> {
      const doc = await hold.transact(async () => {
        const ended = await hold.end({ state: 'done', fault: null, attempts: 0 }, {
          $set: { ...set, state, phase: null, ask: null, finishedAt: clock() },
          $inc: { rev: 1 },
        } as Update);
        const { counts, undo, fault } = ended;
        // A cancellation was recorded when somebody asked for it.
        if (state !== 'cancelled')
          await audit.record({
            caller: { kind: 'system' },
            action: state === 'undone' ? 'import.undone' : state === 'failed' ? 'import.failed' : 'import.finished',
            object: { type: 'import', id: String(ended._id) },
            ...(state === 'failed' ? { outcome: 'failed' as const } : {}),
            facts:
              state === 'undone'
                ? { removed: undo!.removed, restored: undo!.restored, kept: undo!.kept }
                : { ...counts, ...(fault ? { reason: fault.code } : {}) },
          });
        return ended;
      });
      await removeFiles(doc);
    },

    fail(hold: ImportHold, fault: Fault): Promise<void> {
      return this.end(hold, 'failed', { fault });
    },
  };
}

/** Measures how fast rows go by; a moving mean, so that it follows a change and doesn't jump. */
export function createPace(rate = 0): { rows(count: number): number; readonly due: boolean; noted(): void } {
  let since = performance.now();
  let told = since;
  let mean = rate;
  return {
    /** So many rows were done since the last call. @returns rows a second */
    rows(count) {
      const now = performance.now();
      const latest = count / Math.max((now - since) / 1000, 0.001);
      since = now;
      mean = mean === 0 ? latest : mean + SMOOTHING * (latest - mean);
      return Math.round(mean);
    },
    /** It is time to tell somebody. */
    get due() {
      return performance.now() - told >= NOTE_MS;
    },
    noted: () => void (told = performance.now()),
  };
}

import type { Deps } from '../../deps.ts';
import { createWorker } from '../../infra/jobs/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Forms } from '../forms/index.ts';
import type { By } from '../history/index.ts';
import type { Regions } from '../regions/index.ts';
import { noClaims, type Submissions } from '../submissions/index.ts';
import { createCarryTo, targetOf } from './carrying.ts';
import { addCounts, type Check } from './check.ts';
import { formMigrationModel, type FormMigrationDoc } from './form-migrations.model.ts';
import type { Desk, MigrationHold } from './phase.ts';

/** Names the work of migrations in calls to workers, metrics and the log. */
export const MIGRATION_WORK = 'form-migrations';

/**
 * Records of a part; each part is one transaction with the note of how far it came, so that none counts twice. What it has
 * written is locked until its end, and MongoDB 6 takes 2.6 ms a record, under load 8: a part is over in a second or two.
 * Outside of a transaction it would be 0.3; within one, an update of anything indexed costs by the square of the
 * number of indexes, and records have 33. The transaction is kept: it keeps a worker that was stopped past its lease from writing.
 */
const PART = 200;

interface Others {
  audit: Audit;
  desk: Desk;
  check: Check;
  forms: Forms;
  regions: Regions;
  submissions: Submissions;
}

const byOf = ({ startedBy, createdBy }: FormMigrationDoc): By => ({ kind: 'staff', ...(startedBy ?? createdBy) });

/** Does what a migration's document says is to be done, from its checkpoint on. */
export function createMigrationsWorker(deps: Deps, { audit, desk, check, forms, regions, submissions }: Others) {
  /** The version that records go over to, as it is or as it would be. */
  async function roadOf(doc: FormMigrationDoc) {
    const number = doc.version ?? ((await forms.published(doc.formKey))?.version ?? 0) + 1;
    const target = targetOf(doc, number);
    return { target, carry: createCarryTo({ forms, regions }, target) };
  }

  async function dryRun(hold: MigrationHold, signal: AbortSignal): Promise<void> {
    const { target, carry } = await roadOf(hold.doc);
    let stopped = false;
    const progress = async (done: number, total: number) => {
      signal.throwIfAborted();
      stopped = await desk.note(hold, { done, total });
      if (stopped) throw new Stopped();
    };
    try {
      await desk.end(hold, 'checked', { check: await check(hold, target, carry, { progress, signal }) });
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      await desk.end(hold, 'cancelled');
    }
  }

  async function run(hold: MigrationHold, signal: AbortSignal): Promise<void> {
    const { target, carry } = await roadOf(hold.doc);
    const { _id: migrationId, formKey } = hold.doc;
    const by = byOf(hold.doc);
    for (let more = true; more;) {
      signal.throwIfAborted();
      more = await hold.transact(async (session) => {
        const { position, counts, progress, dropLost } = hold.doc;
        const docs = await submissions.migration.next(formKey, target.version, position, PART);
        const step = { target, dropLost, carry };
        const records = await submissions.migration.judge(docs, step, noClaims());
        await submissions.migration.write(records, step, { migrationId, by }, session);
        const sum = addCounts(counts, records);
        await desk.checkpoint(hold, {
          counts: sum,
          progress: { done: sum.read, total: Math.max(progress.total, sum.read) },
          ...(docs.length > 0 ? { position: docs.at(-1)!._id } : {}),
        });
        return docs.length === PART;
      });
      if (more && hold.doc.ask === 'stop') return desk.end(hold, 'stopped');
    }
    await desk.end(hold, 'finished');
  }

  async function undo(hold: MigrationHold, signal: AbortSignal): Promise<void> {
    const { _id: migrationId } = hold.doc;
    const by = byOf(hold.doc);
    for (let more = true; more;) {
      signal.throwIfAborted();
      more = await hold.transact(async (session) => {
        const { undo: done, counts } = hold.doc;
        const part = await submissions.migration.undo(migrationId, { by, after: done!.position, limit: PART }, session);
        const sum = {
          position: part.last,
          restored: done!.restored + part.restored,
          kept: done!.kept + part.kept,
        };
        await desk.checkpoint(hold, {
          undo: sum,
          progress: { done: sum.restored + sum.kept, total: counts.moved },
        });
        return part.more;
      });
    }
    await desk.end(hold, 'undone');
  }

  const PHASES = { check: dryRun, run, undo };

  return createWorker(deps, {
    name: MIGRATION_WORK,
    label: { 'zh-CN': '记录迁移', en: 'Migrations of records' },
    model: formMigrationModel(deps.mongo),
    about: ({ formKey }: FormMigrationDoc) => formKey,
    async run(hold, signal) {
      const { phase } = hold.doc;
      deps.log.info('records.migration_taken', {
        migrationId: String(hold.doc._id),
        step: phase ?? 'none',
        fence: hold.fence,
      });
      if (phase) await PHASES[phase](hold, signal);
    },
    /** Told as failed; its phase and position stay, so that it can go on where it was. */
    async onDead({ _id }) {
      await audit.record({
        caller: { kind: 'system' },
        action: 'records.migration_failed',
        object: { type: 'formMigration', id: String(_id) },
        outcome: 'failed',
        facts: { reason: 'internal_error' },
      });
      return {
        $set: { state: 'failed', fault: { code: 'internal_error' }, ask: null, finishedAt: deps.clock() },
        $inc: { rev: 1 },
      };
    },
    revive: { $set: { fault: null, finishedAt: null }, $inc: { rev: 1 } },
  });
}

/** A person has ended the dry run. */
class Stopped extends Error {}

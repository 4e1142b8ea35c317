import type { UpdateQuery } from 'mongoose';
import { vetMappings } from '../../../shared/forms/vet-mappings.ts';
import type { Mapping } from '../../../shared/forms/mappings.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { newWork, wakeWorkers } from '../../infra/jobs/index.ts';
import { afterCommit, isDuplicateKey, transact } from '../../infra/mongo/index.ts';
import type { Audit } from '../audit/index.ts';
import { vetToPublish, type Actor, type Forms } from '../forms/index.ts';
import { holdsEverywhere } from '../scope/index.ts';
import { formMigrationModel, noCounts, type FormMigrationDoc } from './form-migrations.model.ts';
import type { MigrationPresenter } from './form-migrations.presenter.ts';
import {
  assertFrom,
  type MigrationAction,
  type MigrationPhase,
  type MigrationState,
} from './form-migrations.states.ts';
import { MIGRATION_WORK } from './form-migrations.worker.ts';

export interface MigrationInput {
  target: 'current' | 'working';
  rev?: number | undefined;
  mappings?: unknown[] | undefined;
  dropLost: boolean;
}

const STATE_OF: Record<MigrationPhase, MigrationState> = { check: 'checking', run: 'running', undo: 'undoing' };
const ON_RECORD: Partial<Record<MigrationAction, AuditAction>> = {
  start: 'records.migration_started',
  resume: 'records.migration_started',
  undo: 'records.migration_undoing',
};
const LISTED = 50;

/** What people ask of migrations. Each is one change of the document, with its record in the audit. */
export function createMigrations(
  deps: Deps,
  { audit, forms, presenter }: { audit: Audit; forms: Forms; presenter: MigrationPresenter },
) {
  const { mongo, clock } = deps;
  const migrations = formMigrationModel(mongo);
  const who = ({ accountId, name }: StaffCaller) => ({ accountId, name });

  /** @throws not_found */
  async function one(formKey: string, id: string): Promise<FormMigrationDoc> {
    const doc = await migrations.findOne({ _id: id, formKey }).lean<FormMigrationDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  /** What records are to go over to, and how. @throws not_found, edit_conflict, conflict, invalid_input */
  async function targetOf(caller: StaffCaller, formKey: string, { target, rev, mappings }: MigrationInput) {
    const form = await forms.reach(caller, 'form.publish', formKey);
    const current = await forms.published(formKey);
    // Without a version before there is no record to go over.
    if (!current) throw new Problem('conflict');
    const working = target === 'working';
    if (working && form.workingVersion.rev !== rev) throw new Problem('edit_conflict');
    const content = working ? form.workingVersion.content : current.content;
    const issues = working ? await vetToPublish(content, form.kinds) : [];
    if (issues.length)
      throw new Problem('invalid_input', {
        issues: issues.slice(0, 100).map((issue) => ({ ...issue, path: `content.${issue.path}` })),
      });
    const before = working ? current : ((await forms.version(formKey, current.version - 1)) ?? current);
    const used = mappings ?? (working ? [] : (current.mappings ?? []));
    const wrong = vetMappings(used, before.content, content);
    if (wrong.length)
      throw new Problem('invalid_input', {
        issues: wrong.slice(0, 100).map((issue) => ({ ...issue, path: `body.${issue.path}` })),
      });
    return { version: working ? null : current.version, content, mappings: used as Mapping[] };
  }

  const toDo = (phase: MigrationPhase, set: Partial<FormMigrationDoc> = {}) => ({
    ...set,
    phase,
    state: STATE_OF[phase],
    ask: null,
    fault: null,
    finishedAt: null,
    ...(phase === 'check' ? {} : { writing: true }),
    'work.state': 'waiting',
    'work.due': clock(),
    'work.attempts': 0,
    'work.fault': null,
  });

  /** The change that an action makes. @throws dry_run_needed, conflict */
  async function changeOf(doc: FormMigrationDoc, action: MigrationAction, caller: StaffCaller) {
    const { state, check, counts } = doc;
    if (action === 'start') {
      if (!check || !(await presenter.isPublished(doc))) throw new Problem('dry_run_needed');
      return toDo('run', {
        version: doc.version ?? (await forms.published(doc.formKey))!.version,
        startedBy: who(caller),
        startedAt: clock(),
        position: null,
        counts: noCounts(),
        progress: { done: 0, total: check.records.read },
      });
    }
    if (action === 'stop') {
      if (doc.work.state === 'running') return { ask: 'stop' };
      const end = doc.phase === 'check';
      return {
        state: end ? 'cancelled' : 'stopped',
        ...(end ? { phase: null } : {}),
        ask: null,
        finishedAt: clock(),
        'work.state': end ? 'done' : 'held',
        'work.due': clock(),
      };
    }
    if (action === 'resume') {
      if (doc.phase === null) throw new Problem('conflict', { params: { state } });
      return toDo(doc.phase);
    }
    if (counts.moved === 0 || doc.phase === 'check') throw new Problem('conflict', { params: { state } });
    return toDo('undo', {
      startedBy: who(caller),
      undo: doc.undo ?? { position: null, restored: 0, kept: 0 },
      progress: { done: 0, total: counts.moved },
    });
  }

  return {
    one,

    /** The last fifty. @throws not_found */
    async list(formKey: string): Promise<FormMigrationDoc[]> {
      if (!(await forms.exists(formKey))) throw new Problem('not_found');
      return migrations.find({ formKey }).sort({ _id: -1 }).limit(LISTED).lean<FormMigrationDoc[]>();
    },

    /**
     * Has a worker count what it would come to: how many records and drafts are hit, and how. Nothing is written until it is
     * started.
     * @throws not_found, forbidden, edit_conflict, conflict, invalid_input
     */
    async create({ caller, ip }: Actor, formKey: string, input: MigrationInput): Promise<FormMigrationDoc> {
      const target = await targetOf(caller, formKey, input);
      return transact(mongo, async () => {
        const [made] = await migrations.create([
          {
            formKey,
            ...target,
            dropLost: input.dropLost,
            state: 'checking',
            phase: 'check',
            ask: null,
            check: null,
            position: null,
            counts: noCounts(),
            undo: null,
            progress: { done: 0, total: 0 },
            fault: null,
            createdBy: who(caller),
            createdAt: clock(),
            startedBy: null,
            startedAt: null,
            finishedAt: null,
            rev: 1,
            work: newWork(clock()),
          },
        ]);
        const doc = made!.toObject() as FormMigrationDoc;
        await audit.record({
          caller,
          ip,
          action: 'records.migration_checked',
          object: { type: 'formMigration', id: String(doc._id) },
          detail: { form: formKey, mappings: target.mappings.length },
        });
        afterCommit(mongo, () => void wakeWorkers(deps, MIGRATION_WORK));
        return doc;
      });
    },

    /**
     * Records of every place are written, so the right must hold everywhere. What they go over to was published by who may.
     * @throws not_found, forbidden, dry_run_needed, conflict (also while another migration of the form writes)
     */
    async act({ caller, ip }: Actor, formKey: string, id: string, action: MigrationAction): Promise<FormMigrationDoc> {
      try {
        return await transact(mongo, async () => {
          if (!holdsEverywhere(caller, 'form.migrate')) throw new Problem('forbidden');
          const doc = await one(formKey, id);
          assertFrom(doc.state, action);
          const set = await changeOf(doc, action, caller);
          const writer =
            'writing' in set && (await migrations.exists({ formKey, writing: true, _id: { $ne: doc._id } }));
          if (writer) throw new Problem('conflict', { params: { state: doc.state } });
          const after = await migrations
            .findOneAndUpdate(
              { _id: doc._id, rev: doc.rev },
              { $set: set, $inc: { rev: 1 } } as UpdateQuery<FormMigrationDoc>,
              { returnDocument: 'after' },
            )
            .lean<FormMigrationDoc>();
          if (!after) throw new Problem('conflict', { params: { state: doc.state } });
          const recorded = ON_RECORD[action];
          if (recorded)
            await audit.record({
              caller,
              ip,
              action: recorded,
              object: { type: 'formMigration', id },
              detail: { form: formKey },
            });
          afterCommit(mongo, () => {
            if (after.work.state === 'waiting') void wakeWorkers(deps, MIGRATION_WORK);
          });
          return after;
        });
      } catch (error) {
        if (isDuplicateKey(error)) throw new Problem('conflict');
        throw error;
      }
    },
  };
}

export type Migrations = ReturnType<typeof createMigrations>;

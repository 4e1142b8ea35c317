import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { newWork, wakeWorkers } from '../../infra/jobs/index.ts';
import { afterCommit, transact } from '../../infra/mongo/index.ts';
import type { AuditAction } from '../../../shared/audit-actions.ts';
import type { Audit } from '../audit/index.ts';
import { assertInScope } from '../scope/index.ts';
import { createReach } from './forms.reach.ts';
import { formModel, GRACE_HOURS, type FormDoc } from './forms.model.ts';
import type { Actor } from './forms.service.ts';
import { proposalModel, type ProposalDoc, type ProposalState } from './proposals.model.ts';
import type { Published } from './published.ts';
import type { PublishOptions, Publishing } from './publishing.ts';

/** Names the work of publishing at a time in calls to workers, metrics and the log. */
export const PUBLISHING_WORK = 'form-publishing';

export interface ProposalInput extends PublishOptions {
  rev: number;
  publishAt?: string | undefined;
}

const who = ({ accountId, name }: StaffCaller) => ({ accountId, name });

/** What waits to be published: handed in, looked at by another person, published now or at its time. */
export function createProposals(
  deps: Deps,
  { audit, published, publishing }: { audit: Audit; published: Published; publishing: Publishing },
) {
  const { mongo, clock } = deps;
  const forms = formModel(mongo);
  const proposals = proposalModel(mongo);
  const reach = createReach(deps);

  async function one(key: string, id: string): Promise<ProposalDoc> {
    const doc = await proposals.findOne({ _id: id, formKey: key }).lean<ProposalDoc>();
    if (!doc) throw new Problem('not_found');
    return doc;
  }

  /** Changes a proposal that is still as it was read. @throws conflict, saying its state */
  async function change(doc: ProposalDoc, set: Partial<ProposalDoc> & Record<string, unknown>): Promise<ProposalDoc> {
    const changed = await proposals
      .findOneAndUpdate(
        { _id: doc._id, state: doc.state, waiting: true, 'work.state': doc.work.state },
        { $set: set },
        { returnDocument: 'after' },
      )
      .lean<ProposalDoc>();
    if (!changed) throw new Problem('conflict', { params: { state: doc.state } });
    return changed;
  }

  const record = ({ caller, ip }: Actor, action: AuditAction, { _id, formKey }: ProposalDoc, detail: object = {}) =>
    audit.record({
      caller,
      ip,
      action,
      object: { type: 'form', id: formKey },
      detail: { proposal: String(_id), ...detail },
    });

  const ended = (state: ProposalState, more: Partial<ProposalDoc> = {}) => ({
    ...more,
    state,
    waiting: false,
    endedAt: clock(),
    'work.state': 'done' as const,
    'work.due': clock(),
  });

  /** Makes it a version, in the transaction that ends it. @throws edit_conflict when another version came between */
  async function freeze(doc: ProposalDoc, form: FormDoc): Promise<number> {
    if (form.currentVersion !== doc.basedOn) throw new Problem('edit_conflict');
    return publishing.freeze(form, {
      content: doc.content,
      rollBackTo: doc.rollBackTo,
      graceHours: doc.graceHours,
      mappings: doc.mappings,
      note: doc.note,
      publishedBy: doc.proposedBy.name,
      reviewedBy: doc.reviewedBy?.name ?? null,
    });
  }

  /**
   * Judges again what was handed in: the rules may have become stricter since, with a release. Call it outside of a
   * transaction; while the current version is the one that it is based on, what was found holds.
   * @throws invalid_input
   */
  async function judge(form: FormDoc, doc: ProposalDoc): Promise<void> {
    if (form.currentVersion === doc.basedOn)
      await publishing.judge(form, doc.content, doc.mappings, doc.rollBackTo !== null);
  }

  /** Now, or kept until its time. */
  async function approved(doc: ProposalDoc, form: FormDoc, { caller, ip }: Actor): Promise<ProposalDoc> {
    const review = { reviewedBy: who(caller), reviewedAt: clock() };
    if (doc.publishAt && doc.publishAt > clock()) {
      const scheduled = await change(doc, {
        ...review,
        state: 'scheduled',
        'work.state': 'waiting',
        'work.due': doc.publishAt,
      });
      afterCommit(mongo, () => void wakeWorkers(deps, PUBLISHING_WORK));
      return scheduled;
    }
    const number = await freeze({ ...doc, ...review }, form);
    const after = await change(doc, ended('published', { ...review, number }));
    await publishing.record(caller, ip, doc.formKey, number, { proposal: String(doc._id) });
    return after;
  }

  return {
    one,
    judge,
    freeze,
    ended,

    /** The proposals of a form, newest first, without their contents. */
    list: (key: string, limit = 50) =>
      proposals.find({ formKey: key }, { content: 0 }).sort({ _id: -1 }).limit(limit).lean<ProposalDoc[]>(),

    /** The one that waits; null for none. */
    waiting: (key: string) => proposals.findOne({ formKey: key, waiting: true }, { content: 0 }).lean<ProposalDoc>(),

    /**
     * Hands a content in: for review, or, where none is asked for, to be published at its time.
     * @throws not_found, forbidden, edit_conflict, invalid_input; conflict when another one waits
     */
    async propose({ caller, ip }: Actor, key: string, input: ProposalInput): Promise<ProposalDoc> {
      const form = await reach(caller, 'form.write', key);
      const publishAt = input.publishAt === undefined ? null : new Date(input.publishAt);
      // With nobody to look at it, a time is as good as publishing it.
      if (publishAt && !form.reviewed) assertInScope(caller, 'form.publish', form.scope);
      if (publishAt ? publishAt <= clock() : !form.reviewed)
        throw new Problem('invalid_input', { issues: [{ path: 'body.publishAt', code: 'too_early' }] });
      const { content, old } = await publishing.contentOf(form, input.rev, input.rollBackTo);
      const mappings = await publishing.judge(form, content, input.mappings, old !== null);
      return transact(mongo, async () => {
        if (await proposals.exists({ formKey: key, waiting: true })) throw new Problem('conflict');
        const state = form.reviewed ? 'review' : 'scheduled';
        const work = newWork(publishAt ?? clock(), form.reviewed ? 'held' : 'waiting');
        const [made] = await proposals.create([
          {
            formKey: key,
            content,
            rev: input.rev,
            basedOn: form.currentVersion,
            rollBackTo: old?.version ?? null,
            graceHours: input.graceHours ?? GRACE_HOURS,
            mappings,
            note: input.note ?? null,
            publishAt,
            state,
            waiting: true,
            proposedBy: who(caller),
            proposedAt: clock(),
            reviewedBy: null,
            reviewedAt: null,
            reason: null,
            number: null,
            endedAt: null,
            work,
          },
        ]);
        const doc = made!.toObject() as ProposalDoc;
        await record({ caller, ip }, 'form.proposed', doc, {
          state,
          ...(publishAt ? { publishAt: publishAt.toISOString() } : {}),
        });
        return doc;
      });
    },

    /**
     * Lets it pass: published now, or at its time.
     * @throws own_proposal to who handed it in; edit_conflict when another version came between; conflict when it waits no more;
     * invalid_input when it may not be published any more
     */
    async approve({ caller, ip }: Actor, key: string, id: string): Promise<ProposalDoc> {
      const seen = await one(key, id);
      if (seen.state === 'review' && seen.proposedBy.accountId !== caller.accountId)
        await judge(await reach(caller, 'form.publish', key), seen);
      const after = await transact(mongo, async () => {
        const form = await reach(caller, 'form.publish', key);
        const doc = await one(key, id);
        if (doc.state !== 'review') throw new Problem('conflict', { params: { state: doc.state } });
        if (doc.proposedBy.accountId === caller.accountId) {
          const object = { type: 'form', id: key };
          await audit.recordOutside({ caller, ip, action: 'form.proposal_approved', object, outcome: 'refused' });
          throw new Problem('own_proposal');
        }
        const done = await approved(doc, form, { caller, ip });
        await record({ caller, ip }, 'form.proposal_approved', doc);
        return done;
      });
      if (after.number !== null) await published.drop(key, after.number);
      return after;
    },

    /** Gives it back to its author, with a reason. @throws conflict when it waits no more */
    return: ({ caller, ip }: Actor, key: string, id: string, reason: string): Promise<ProposalDoc> =>
      transact(mongo, async () => {
        await reach(caller, 'form.publish', key);
        const doc = await one(key, id);
        if (doc.state !== 'review') throw new Problem('conflict', { params: { state: doc.state } });
        const after = await change(doc, ended('returned', { reason, reviewedBy: who(caller), reviewedAt: clock() }));
        await record({ caller, ip }, 'form.proposal_returned', doc, { reason });
        return after;
      }),

    /** Takes it back, in review or before its time: its author, or whoever may publish. @throws conflict when it waits no more */
    cancel: ({ caller, ip }: Actor, key: string, id: string): Promise<ProposalDoc> =>
      transact(mongo, async () => {
        const form = await reach(caller, 'form.write', key);
        const doc = await one(key, id);
        if (doc.proposedBy.accountId !== caller.accountId) assertInScope(caller, 'form.publish', form.scope);
        if (!doc.waiting) throw new Problem('conflict', { params: { state: doc.state } });
        const after = await change(doc, ended('cancelled'));
        await record({ caller, ip }, 'form.proposal_cancelled', doc);
        return after;
      }),

    form: (key: string) => forms.findById(key).lean<FormDoc>(),
  };
}

export type Proposals = ReturnType<typeof createProposals>;

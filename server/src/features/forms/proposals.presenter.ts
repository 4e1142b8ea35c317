import type { StaffCaller } from '../../http/index.ts';
import { inScope, type Scope } from '../scope/index.ts';
import type { ProposalDoc } from './proposals.model.ts';

type Shown = Omit<ProposalDoc, 'content' | 'mappings' | 'work'>;

/** What the caller may do with it now. */
function actionsOf({ state, waiting, proposedBy }: Shown, caller: StaffCaller, scope: Scope) {
  const mayPublish = inScope(caller, 'form.publish', scope);
  const own = proposedBy.accountId === caller.accountId;
  const actions: ('approve' | 'return' | 'cancel')[] = [];
  if (state === 'review' && mayPublish && !own) actions.push('approve');
  if (state === 'review' && mayPublish) actions.push('return');
  if (waiting && (mayPublish || (own && inScope(caller, 'form.write', scope)))) actions.push('cancel');
  return actions;
}

/** A proposal as staff get it, without its content. @param scope the form's */
export const showProposal = (doc: Shown, caller: StaffCaller, scope: Scope) => ({
  id: String(doc._id),
  state: doc.state,
  rev: doc.rev,
  basedOn: doc.basedOn,
  rollBackTo: doc.rollBackTo,
  graceHours: doc.graceHours,
  note: doc.note,
  publishAt: doc.publishAt?.toISOString() ?? null,
  proposedBy: doc.proposedBy.name,
  proposedAt: doc.proposedAt.toISOString(),
  reviewedBy: doc.reviewedBy?.name ?? null,
  reviewedAt: doc.reviewedAt?.toISOString() ?? null,
  reason: doc.reason,
  number: doc.number,
  endedAt: doc.endedAt?.toISOString() ?? null,
  actions: actionsOf(doc, caller, scope),
});

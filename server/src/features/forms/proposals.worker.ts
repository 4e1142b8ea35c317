import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { createWorker } from '../../infra/jobs/index.ts';
import type { Audit } from '../audit/index.ts';
import type { FormDoc } from './forms.model.ts';
import type { Published } from './published.ts';
import { proposalModel, type ProposalDoc } from './proposals.model.ts';
import { PUBLISHING_WORK, type Proposals } from './proposals.service.ts';
import type { Publishing } from './publishing.ts';

/** Publishes what is due. The version and the end of the proposal are one transaction: it happens once, whoever dies when. */
export function createPublishingWorker(
  deps: Deps,
  {
    audit,
    published,
    publishing,
    proposals,
  }: { audit: Audit; published: Published; publishing: Publishing; proposals: Proposals },
) {
  const system = { kind: 'system' as const };
  const failed = async (key: string, reason: string) =>
    audit.record({
      caller: system,
      action: 'form.publish_failed',
      object: { type: 'form', id: key },
      outcome: 'failed',
      facts: { reason },
    });
  const set = (doc: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(doc).filter(([name]) => !name.startsWith('work.')));

  /** Whether it may still be published, by what can take seconds to say. */
  async function fits(form: FormDoc | null, doc: ProposalDoc): Promise<boolean> {
    try {
      if (form) await proposals.judge(form, doc);
      return true;
    } catch (error) {
      if (error instanceof Problem && error.code === 'invalid_input') return false;
      throw error;
    }
  }

  /** Why it may not be published now; the code. */
  function refusalOf(form: FormDoc | null, doc: ProposalDoc, fit: boolean): string | null {
    if (!form) return 'not_found';
    if (form.currentVersion !== doc.basedOn) return 'edit_conflict';
    // Another person has been asked for since it was given its time.
    if (form.reviewed && !doc.reviewedBy) return 'review_needed';
    return fit ? null : 'invalid_input';
  }

  return createWorker<ProposalDoc>(deps, {
    name: PUBLISHING_WORK,
    label: { 'zh-CN': '定时发布表单', en: 'Timed publishing of forms' },
    model: proposalModel(deps.mongo),
    about: ({ formKey }) => formKey,
    async run(hold) {
      const { formKey } = hold.doc;
      const fit = await fits(await proposals.form(formKey), hold.doc);
      const number = await hold.transact(async () => {
        const form = await proposals.form(formKey);
        const refused = refusalOf(form, hold.doc, fit);
        if (refused) {
          await hold.end(
            { state: 'done', fault: refused },
            { $set: set(proposals.ended('failed', { reason: refused })) },
          );
          await failed(formKey, refused);
          return null;
        }
        const made = await proposals.freeze(hold.doc, form!);
        await hold.end({ state: 'done', fault: null }, { $set: set(proposals.ended('published', { number: made })) });
        await publishing.record(system, undefined, formKey, made, { proposal: String(hold.doc._id) });
        return made;
      });
      if (number !== null) await published.drop(formKey, number);
    },
    async onDead({ formKey }) {
      await failed(formKey, 'internal_error');
      return { $set: set(proposals.ended('failed', { reason: 'internal_error' })) };
    },
    revive: { $set: { state: 'scheduled', waiting: true, reason: null, endedAt: null } },
  });
}

import { access, body, Problem, responses, routeConfig, type Req } from '../../http/index.ts';
import type { FormsReader } from './forms.reader.ts';
import * as S from './forms.schema.ts';
import type { FormsService } from './forms.service.ts';
import { showProposal } from './proposals.presenter.ts';
import type { Proposals } from './proposals.service.ts';
import type { Published } from './published.ts';
import type { Publishing } from './publishing.ts';
import { showDiff, type VersionsReader } from './versions.reader.ts';

const tags = ['forms'];
type OneForm = { params: typeof S.FormParams };
type OneProposal = { params: typeof S.ProposalParams };

interface Parts {
  service: FormsService;
  reader: FormsReader;
  published: Published;
  publishing: Publishing;
  proposals: Proposals;
  versions: VersionsReader;
}

/** The way of a version: handed in, looked at by another person, published at its time, retired; and what differs between two. */
export class FormVersionsController {
  constructor(private readonly parts: Parts) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/diff',
    operationId: 'diffForm',
    summary: 'What differs between two versions, each change classed by what it does to answers',
    tags,
    request: { params: S.FormParams, query: S.DiffQuery },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found', 'conflict'] })
  @responses(S.Diff)
  diffForm({ params, query }: Req<OneForm & { query: typeof S.DiffQuery }>) {
    return this.parts.versions.diff(params.formKey, query.from, query.to);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/rules',
    operationId: 'getRulesOfDay',
    summary: 'The versions that answers were taken on, on a day',
    tags,
    request: { params: S.FormParams, query: S.RulesQuery },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found'] })
  @responses(S.RulesOfDay)
  getRulesOfDay({ params, query }: Req<OneForm & { query: typeof S.RulesQuery }>) {
    return this.parts.versions.rulesOf(params.formKey, query.day);
  }

  @routeConfig({
    method: 'put',
    path: '/api/business/forms/{formKey}/review-rule',
    operationId: 'setFormReviewRule',
    summary: 'Whether another person has to look at a version before it is published',
    tags,
    request: { params: S.FormParams },
  })
  @access({ audience: 'business', permission: 'form.publish', errors: ['not_found'] })
  @body(S.ReviewRule)
  @responses(S.FormDetail)
  async setFormReviewRule({ params, body: input, caller, ip }: Req<OneForm & { body: typeof S.ReviewRule }>) {
    await this.parts.service.setReviewed({ caller, ip }, params.formKey, input.reviewed);
    return this.parts.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms/{formKey}/versions/{number}/retire',
    operationId: 'retireFormVersion',
    summary: 'End the grace time of an earlier version at once',
    tags,
    request: { params: S.VersionParams },
  })
  @access({ audience: 'business', permission: 'form.publish', errors: ['not_found', 'conflict'] })
  @responses(S.FormDetail)
  async retireFormVersion({ params, caller, ip }: Req<{ params: typeof S.VersionParams }>) {
    await this.parts.publishing.retireVersion({ caller, ip }, params.formKey, params.number);
    return this.parts.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/proposals',
    operationId: 'listFormProposals',
    summary: 'What was handed in for publishing, newest first (the last fifty)',
    tags,
    request: { params: S.FormParams },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found'] })
  @responses(S.Proposals)
  async listFormProposals({ params, caller }: Req<OneForm>) {
    const { scope } = await this.form(params.formKey);
    const found = await this.parts.proposals.list(params.formKey);
    return { items: found.map((doc) => showProposal(doc, caller, scope)) };
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms/{formKey}/proposals',
    operationId: 'proposeForm',
    summary: 'Hand a version in: for review by another person, or to be published at a time',
    tags,
    request: { params: S.FormParams },
  })
  @access({
    audience: 'business',
    permission: 'form.write',
    idempotency: 'optional',
    status: 201,
    errors: ['not_found', 'edit_conflict', 'conflict'],
  })
  @body(S.ProposalInput)
  @responses(S.FormDetail)
  async proposeForm({ params, body: input, caller, ip }: Req<OneForm & { body: typeof S.ProposalInput }>) {
    await this.parts.proposals.propose({ caller, ip }, params.formKey, input);
    return this.parts.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/proposals/{id}',
    operationId: 'getFormProposal',
    summary: 'A version that was handed in, and what differs from the current one',
    tags,
    request: { params: S.ProposalParams },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found'] })
  @responses(S.ProposalDetail)
  async getFormProposal({ params, caller }: Req<OneProposal>) {
    const form = await this.form(params.formKey);
    const doc = await this.parts.proposals.one(params.formKey, params.id);
    const against = doc.waiting ? form.currentVersion : doc.basedOn;
    const current = against === null ? null : await this.parts.published.version(params.formKey, against);
    return {
      ...showProposal(doc, caller, form.scope),
      content: doc.content,
      mappings: doc.mappings,
      diff: current && showDiff(current.content, doc.content, doc.mappings),
    };
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms/{formKey}/proposals/{id}/approve',
    operationId: 'approveFormProposal',
    summary: 'Let a version pass: published now, or at its time',
    tags,
    request: { params: S.ProposalParams },
  })
  @access({
    audience: 'business',
    permission: 'form.publish',
    idempotency: 'optional',
    errors: ['not_found', 'conflict', 'edit_conflict', 'own_proposal'],
  })
  @responses(S.FormDetail)
  async approveFormProposal({ params, caller, ip }: Req<OneProposal>) {
    await this.parts.proposals.approve({ caller, ip }, params.formKey, params.id);
    return this.parts.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms/{formKey}/proposals/{id}/return',
    operationId: 'returnFormProposal',
    summary: 'Give a version back to its author, with a reason',
    tags,
    request: { params: S.ProposalParams },
  })
  @access({ audience: 'business', permission: 'form.publish', errors: ['not_found', 'conflict'] })
  @body(S.ReturnInput)
  @responses(S.FormDetail)
  async returnFormProposal({ params, body: input, caller, ip }: Req<OneProposal & { body: typeof S.ReturnInput }>) {
    await this.parts.proposals.return({ caller, ip }, params.formKey, params.id, input.reason);
    return this.parts.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms/{formKey}/proposals/{id}/cancel',
    operationId: 'cancelFormProposal',
    summary: 'Take a version back, in review or before its time',
    tags,
    request: { params: S.ProposalParams },
  })
  @access({ audience: 'business', permission: 'form.write', errors: ['not_found', 'conflict'] })
  @responses(S.FormDetail)
  async cancelFormProposal({ params, caller, ip }: Req<OneProposal>) {
    await this.parts.proposals.cancel({ caller, ip }, params.formKey, params.id);
    return this.parts.reader.detail(caller, params.formKey);
  }

  /** @throws not_found */
  private async form(key: string) {
    const found = await this.parts.proposals.form(key);
    if (!found) throw new Problem('not_found');
    return found;
  }
}

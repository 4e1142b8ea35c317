import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import type { Approvals } from './approvals.ts';
import type { ExportDoc } from './exports.model.ts';
import type { PresentExport } from './exports.presenter.ts';
import {
  Decision,
  ExportInput,
  ExportLink,
  ExportPage,
  ExportParams,
  ExportsQuery,
  ExportView,
} from './exports.schema.ts';
import type { ExportsService } from './exports.service.ts';
import type { Links } from './links.ts';

const tags = ['exports'];
type One = Req<{ params: typeof ExportParams }>;

interface Parts {
  service: ExportsService;
  approvals: Approvals;
  links: Links;
  present: PresentExport;
}

/** Exports as jobs: asked for, approved where they are big, made in the background, fetched by a link. */
export class ExportsController {
  readonly #service: ExportsService;
  readonly #approvals: Approvals;
  readonly #links: Links;
  readonly #present: PresentExport;

  constructor({ service, approvals, links, present }: Parts) {
    this.#service = service;
    this.#approvals = approvals;
    this.#links = links;
    this.#present = present;
  }

  async #page({ items, nextCursor }: { items: ExportDoc[]; nextCursor: string | null }, { caller, locale }: Req) {
    return { items: await Promise.all(items.map((doc) => this.#present(doc, caller, locale))), nextCursor };
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/exports',
    operationId: 'createExport',
    summary: 'Have a list written into a workbook; with many rows it waits for another person’s approval first',
    tags,
  })
  @access({
    audience: 'business',
    permission: 'export.run',
    fresh: true,
    idempotency: 'optional',
    status: 202,
    errors: ['too_many_exports'],
  })
  @body(ExportInput)
  @responses(ExportView)
  async createExport(req: Req<{ body: typeof ExportInput }>) {
    return this.#present(await this.#service.request(req, req.body), req.caller, req.locale);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/exports',
    operationId: 'listExports',
    summary: 'One’s own exports, newest first',
    tags,
    request: { query: ExportsQuery },
  })
  @access({ audience: 'business', permission: 'export.run' })
  @responses(ExportPage)
  async listExports(req: Req<{ query: typeof ExportsQuery }>) {
    return this.#page(await this.#service.mine(req.caller, req.query), req);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/exports/approvals',
    operationId: 'listExportApprovals',
    summary: 'Exports of others that wait for an approval, newest first',
    tags,
    request: { query: ExportsQuery },
  })
  @access({ audience: 'business', permission: 'export.approve' })
  @responses(ExportPage)
  async listExportApprovals(req: Req<{ query: typeof ExportsQuery }>) {
    return this.#page(await this.#approvals.list(req.caller, req.query), req);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/exports/{id}',
    operationId: 'getExport',
    summary: 'One of one’s own exports with its progress',
    tags,
    request: { params: ExportParams },
  })
  @access({ audience: 'business', permission: 'export.run' })
  @responses(ExportView)
  async getExport({ caller, params, locale }: One) {
    return this.#present(await this.#service.own(caller, params.id), caller, locale);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/exports/{id}/cancel',
    operationId: 'cancelExport',
    summary: 'Give up an export that is not ready yet; no file stays',
    tags,
    request: { params: ExportParams },
  })
  @access({ audience: 'business', permission: 'export.run', errors: ['conflict'] })
  @responses(ExportView)
  async cancelExport(req: One) {
    return this.#present(await this.#service.cancel(req, req.params.id), req.caller, req.locale);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/exports/{id}/approve',
    operationId: 'decideExport',
    summary: 'Approve another person’s export, or reject it',
    description: 'Who approves must reach everything that would leave; rows beyond that reach are not exported.',
    tags,
    request: { params: ExportParams },
  })
  @access({ audience: 'business', permission: 'export.approve', errors: ['conflict'] })
  @body(Decision)
  @responses(ExportView)
  async decideExport(req: Req<{ params: typeof ExportParams; body: typeof Decision }>) {
    return this.#present(await this.#approvals.decide(req, req.params.id, req.body), req.caller, req.locale);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/exports/{id}/link',
    operationId: 'linkExport',
    summary: 'A link to the file: for ten minutes, for this account in its own session',
    tags,
    request: { params: ExportParams },
  })
  @access({ audience: 'business', permission: 'export.run', errors: ['conflict', 'gone'] })
  @responses(ExportLink)
  linkExport(req: One) {
    return this.#links.make(req, req.params.id);
  }
}

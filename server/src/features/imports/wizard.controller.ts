import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import { loadMessages } from '../../../shared/messages/index.ts';
import type { ImportActions } from './imports.actions.ts';
import type { ImportPresenter } from './imports.presenter.ts';
import { ImportParams, ImportPreview, ImportView, MappingInput } from './imports.schema.ts';
import type { Wizard } from './wizard.ts';

const tags = ['imports'];
type One = Req<{ params: typeof ImportParams }>;

/** The way of an import from the uploaded file to its rows, and back. */
export class ImportWizardController {
  readonly #wizard: Wizard;
  readonly #act: ImportActions;
  readonly #presenter: ImportPresenter;

  constructor({ wizard, act, presenter }: { wizard: Wizard; act: ImportActions; presenter: ImportPresenter }) {
    this.#wizard = wizard;
    this.#act = act;
    this.#presenter = presenter;
  }

  async #do({ caller, ip, params, locale }: One, action: Parameters<ImportActions>[2]) {
    const doc = await this.#act({ caller, ip }, params.id, action);
    return this.#presenter.detail(doc, caller, await loadMessages(locale));
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/imports/{id}/preview',
    operationId: 'previewImport',
    summary: 'The first 20 rows as they would be read, with what is wrong with them',
    description: 'For the uploader, until the import has ended.',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', errors: ['conflict'] })
  @responses(ImportPreview)
  async previewImport({ caller, params, locale }: One) {
    return this.#wizard.preview(caller, params.id, locale);
  }

  @routeConfig({
    method: 'put',
    path: '/api/business/imports/{id}/mapping',
    operationId: 'mapImport',
    summary: 'Say which sheet, row and column holds what; what is left out is guessed anew',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', errors: ['conflict', 'edit_conflict'] })
  @body(MappingInput)
  @responses(ImportView)
  async mapImport(req: Req<{ params: typeof ImportParams; body: typeof MappingInput }>) {
    const doc = await this.#wizard.map(req.caller, req.params.id, req.body);
    return this.#presenter.detail(doc, req.caller, await loadMessages(req.locale));
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/check',
    operationId: 'checkImport',
    summary: 'Go through all rows and count what would become of them; nothing is written',
    tags,
    request: { params: ImportParams },
  })
  @access({
    audience: 'business',
    permission: 'import.run',
    idempotency: 'optional',
    errors: ['conflict', 'file_wrong_template'],
  })
  @responses(ImportView)
  async checkImport(req: One) {
    return this.#do(req, 'check');
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/start',
    operationId: 'startImport',
    summary: 'Write the rows',
    tags,
    request: { params: ImportParams },
  })
  @access({
    audience: 'business',
    permission: 'import.run',
    idempotency: 'optional',
    errors: ['conflict', 'file_wrong_template'],
  })
  @responses(ImportView)
  async startImport(req: One) {
    return this.#do(req, 'start');
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/pause',
    operationId: 'pauseImport',
    summary: 'Stop after the batch in hand; a check goes back to the mapping',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', idempotency: 'optional', errors: ['conflict'] })
  @responses(ImportView)
  async pauseImport(req: One) {
    return this.#do(req, 'pause');
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/resume',
    operationId: 'resumeImport',
    summary: 'Go on where it was paused, or broke off for a reason that was not the file’s',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', idempotency: 'optional', errors: ['conflict'] })
  @responses(ImportView)
  async resumeImport(req: One) {
    return this.#do(req, 'resume');
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/cancel',
    operationId: 'cancelImport',
    summary: 'Stop an import; rows already done stay',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', idempotency: 'optional', errors: ['conflict'] })
  @responses(ImportView)
  async cancelImport(req: One) {
    return this.#do(req, 'cancel');
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/undo',
    operationId: 'undoImport',
    summary: 'Take back what it wrote; what somebody has changed since stays',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', idempotency: 'optional', errors: ['conflict'] })
  @responses(ImportView)
  async undoImport(req: One) {
    return this.#do(req, 'undo');
  }
}

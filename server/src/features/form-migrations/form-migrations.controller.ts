import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import type { MigrationPresenter } from './form-migrations.presenter.ts';
import * as S from './form-migrations.schema.ts';
import type { Migrations } from './form-migrations.service.ts';

const tags = ['forms'];

/** What a new version does to records: counted before it is published, carried out after, taken back. */
export class FormMigrationsController {
  constructor(
    private readonly migrations: Migrations,
    private readonly presenter: MigrationPresenter,
  ) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/migrations',
    operationId: 'listFormMigrations',
    summary: 'Migrations of a form’s records, newest first (the last fifty)',
    tags,
    request: { params: S.FormParams },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found'] })
  @responses(S.Migrations)
  async listFormMigrations({ params, caller }: Req<{ params: typeof S.FormParams }>) {
    const items = [];
    for (const doc of await this.migrations.list(params.formKey)) items.push(await this.presenter.summary(doc, caller));
    return { items };
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms/{formKey}/migrations',
    operationId: 'checkFormMigration',
    summary: 'Count how many records and drafts a version touches, and how; nothing is written',
    tags,
    request: { params: S.FormParams },
  })
  @access({
    audience: 'business',
    permission: 'form.publish',
    idempotency: 'optional',
    status: 202,
    errors: ['not_found', 'edit_conflict', 'conflict'],
  })
  @body(S.MigrationInput)
  @responses(S.Migration)
  async checkFormMigration({
    params,
    body: input,
    caller,
    ip,
  }: Req<{ params: typeof S.FormParams; body: typeof S.MigrationInput }>) {
    return this.presenter.summary(await this.migrations.create({ caller, ip }, params.formKey, input), caller);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/migrations/{id}',
    operationId: 'getFormMigration',
    summary: 'A migration with its counts and samples',
    tags,
    request: { params: S.MigrationParams },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found'] })
  @responses(S.MigrationDetail)
  async getFormMigration({ params, caller, locale }: Req<{ params: typeof S.MigrationParams }>) {
    return this.presenter.detail(await this.migrations.one(params.formKey, params.id), caller, locale);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms/{formKey}/migrations/{id}/{action}',
    operationId: 'steerFormMigration',
    summary: 'Start a migration that was run dry, stop it, go on with it, or take back what it wrote',
    tags,
    request: { params: S.ActionParams },
  })
  @access({
    audience: 'business',
    permission: 'form.migrate',
    idempotency: 'optional',
    errors: ['not_found', 'conflict', 'dry_run_needed'],
  })
  @responses(S.Migration)
  async steerFormMigration({ params, caller, ip }: Req<{ params: typeof S.ActionParams }>) {
    const { formKey, id, action } = params;
    return this.presenter.summary(await this.migrations.act({ caller, ip }, formKey, id, action), caller);
  }
}

import { answersSchema } from '../../../shared/fields/projections.ts';
import { access, body, Problem, responses, routeConfig, type Req } from '../../http/index.ts';
import type { FormsReader } from './forms.reader.ts';
import * as S from './forms.schema.ts';
import type { FormsService } from './forms.service.ts';
import type { Publishing } from './publishing.ts';
import type { Published } from './published.ts';

const tags = ['forms'];
type Params = Req<{ params: typeof S.FormParams }>;

/** Forms as staff work on them. */
export class BusinessFormsController {
  constructor(
    private readonly service: FormsService,
    private readonly reader: FormsReader,
    private readonly published: Published,
    private readonly publishing: Publishing,
  ) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/forms',
    operationId: 'listForms',
    summary: 'All forms',
    tags,
    request: { query: S.PageQuery },
  })
  @access({ audience: 'business', permission: 'form.read' })
  @responses(S.FormPage)
  listForms({ query }: Req<{ query: typeof S.PageQuery }>) {
    return this.reader.list(query.limit, query.cursor);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms',
    operationId: 'createForm',
    summary: 'Begin a form',
    tags,
  })
  @access({
    audience: 'business',
    permission: 'form.write',
    idempotency: 'optional',
    status: 201,
    errors: ['name_taken'],
  })
  @body(S.FormInput)
  @responses(S.FormDetail)
  async createForm({ body: input, caller, ip }: Req<{ body: typeof S.FormInput }>) {
    await this.service.create({ caller, ip }, input);
    return this.reader.detail(caller, input.key);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}',
    operationId: 'getForm',
    summary: 'A form with its working version and its published numbers',
    tags,
    request: { params: S.FormParams },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found'] })
  @responses(S.FormDetail)
  getForm({ params, caller }: Params) {
    return this.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'put',
    path: '/api/business/forms/{formKey}/working-version',
    operationId: 'saveWorkingVersion',
    summary: 'Keep what is being worked on',
    tags,
    request: { params: S.FormParams },
  })
  @access({ audience: 'business', permission: 'form.write', errors: ['not_found', 'edit_conflict'] })
  @body(S.WorkingVersionInput)
  @responses(S.FormDetail)
  async saveWorkingVersion({
    params,
    body: input,
    caller,
    ip,
  }: Req<{ params: typeof S.FormParams; body: typeof S.WorkingVersionInput }>) {
    await this.service.saveWorkingVersion({ caller, ip }, params.formKey, input.content, input.rev);
    return this.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/forms/{formKey}/publish',
    operationId: 'publishForm',
    summary: 'Freeze the working version, or an old version again, under the next number',
    tags,
    request: { params: S.FormParams },
  })
  @access({
    audience: 'business',
    permission: 'form.publish',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict', 'review_needed'],
  })
  @body(S.PublishInput)
  @responses(S.FormDetail)
  async publishForm({
    params,
    body: input,
    caller,
    ip,
  }: Req<{ params: typeof S.FormParams; body: typeof S.PublishInput }>) {
    const { rev, ...options } = input;
    await this.publishing.publish({ caller, ip }, params.formKey, rev, options);
    return this.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'put',
    path: '/api/business/forms/{formKey}/status',
    operationId: 'setFormStatus',
    summary: 'Open, close or retire a form for citizens',
    tags,
    request: { params: S.FormParams },
  })
  @access({ audience: 'business', permission: 'form.publish', errors: ['not_found'] })
  @body(S.StatusInput)
  @responses(S.FormDetail)
  async setFormStatus({
    params,
    body: input,
    caller,
    ip,
  }: Req<{ params: typeof S.FormParams; body: typeof S.StatusInput }>) {
    await this.service.setStatus({ caller, ip }, params.formKey, input.status);
    return this.reader.detail(caller, params.formKey);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/versions/{number}',
    operationId: 'getFormVersion',
    summary: 'One published version',
    tags,
    request: { params: S.VersionParams },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found'] })
  @responses(S.FormVersion)
  getFormVersion({ params }: Req<{ params: typeof S.VersionParams }>) {
    return this.version(params.formKey, params.number);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/versions/{number}/schema',
    operationId: 'getAnswersSchema',
    summary: 'The JSON Schema of the answers to a version',
    tags,
    request: { params: S.VersionParams },
  })
  @access({ audience: 'business', permission: 'form.read', errors: ['not_found'] })
  @responses(S.AnswersSchema)
  async getAnswersSchema({ params }: Req<{ params: typeof S.VersionParams }>) {
    const { key, version, content } = await this.version(params.formKey, params.number);
    return {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `/api/business/forms/${key}/versions/${version}/schema`,
      ...answersSchema(content),
    };
  }

  private async version(key: string, number: number) {
    const found = await this.published.version(key, number);
    if (!found) throw new Problem('not_found');
    return { ...found, mappings: found.mappings ?? [] };
  }
}

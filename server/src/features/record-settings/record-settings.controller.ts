import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import * as S from './record-settings.schema.ts';
import type { RecordSettings } from './record-settings.service.ts';

const tags = ['records'];

/** How the records of a form are worked on. */
export class RecordSettingsController {
  constructor(private readonly settings: RecordSettings) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/record-settings/{subject}',
    operationId: 'getRecordSettings',
    summary: 'Review, sorts and field rights of the records of a form, or of people',
    tags,
    request: { params: S.SubjectParams },
  })
  @access({ audience: 'business', permission: 'record.settings', errors: ['not_found'] })
  @responses(S.Settings)
  getRecordSettings({ params }: Req<{ params: typeof S.SubjectParams }>) {
    return this.settings.get(params.subject);
  }

  @routeConfig({
    method: 'put',
    path: '/api/business/record-settings/{subject}',
    operationId: 'changeRecordSettings',
    summary: 'Change them; counts for everybody within a second',
    tags,
    request: { params: S.SubjectParams },
  })
  @access({
    audience: 'business',
    permission: 'record.settings',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict'],
  })
  @body(S.SettingsInput)
  @responses(S.Settings)
  changeRecordSettings({
    caller,
    ip,
    params,
    body: input,
  }: Req<{ params: typeof S.SubjectParams; body: typeof S.SettingsInput }>) {
    return this.settings.change(caller, ip, params.subject, input);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/record-view',
    operationId: 'getRecordView',
    summary: 'What the list of a form’s records offers me: fields, filters, sorts',
    tags,
    request: { params: S.FormParams },
  })
  @access({ audience: 'business', permission: 'submission.read', errors: ['not_found'] })
  @responses(S.RecordView)
  getRecordView({ caller, params }: Req<{ params: typeof S.FormParams }>) {
    return this.settings.view(caller, params.formKey);
  }
}

import { citizensContent } from '../../../shared/fields/index.ts';
import { access, body, Problem, responses, routeConfig, type Req } from '../../http/index.ts';
import type { Carry } from './carry.service.ts';
import {
  Carried,
  CarryInput,
  FormParams,
  OpenFormNow,
  OpenForms,
  PublishedForm,
  VersionParams,
} from './forms.schema.ts';
import type { Published } from './published.ts';

/** Forms as citizens see them; no log-in is needed to read one. */
export class CitizenFormsController {
  constructor(
    private readonly published: Published,
    private readonly carry: Carry,
  ) {}

  @routeConfig({
    method: 'get',
    path: '/api/citizen/forms',
    operationId: 'listOpenForms',
    summary: 'The forms that are open',
    tags: ['forms'],
  })
  @access({ audience: 'public' })
  @responses(OpenForms)
  async listOpenForms() {
    const forms = await this.published.open();
    return {
      items: forms.map(({ key, version, content: { title, intro } }) => ({
        key,
        version,
        title,
        ...(intro ? { intro } : {}),
      })),
    };
  }

  @routeConfig({
    method: 'get',
    path: '/api/citizen/forms/{formKey}',
    operationId: 'getOpenForm',
    summary: 'The current version of an open form',
    tags: ['forms'],
    request: { params: FormParams },
  })
  @access({ audience: 'public', errors: ['not_found', 'form_closed'] })
  @responses(OpenFormNow)
  async getOpenForm({ params }: Req<{ params: typeof FormParams }, 'public'>) {
    const form = await this.published.published(params.formKey);
    if (!form) throw new Problem('not_found');
    if (form.status !== 'open') throw new Problem('form_closed');
    const { key, version, content, accepts = [] } = form;
    return { key, version, content: citizensContent(content), accepts };
  }

  @routeConfig({
    method: 'get',
    path: '/api/citizen/forms/{formKey}/versions/{number}',
    operationId: 'getFormVersionForCitizen',
    summary: 'One published version, e.g. that of an old submission',
    tags: ['forms'],
    request: { params: VersionParams },
  })
  @access({ audience: 'public', errors: ['not_found'] })
  @responses(PublishedForm)
  async getFormVersionForCitizen({ params }: Req<{ params: typeof VersionParams }, 'public'>) {
    const form = await this.published.version(params.formKey, params.number);
    if (!form) throw new Problem('not_found');
    return { key: form.key, version: form.version, content: citizensContent(form.content) };
  }

  @routeConfig({
    method: 'post',
    path: '/api/citizen/forms/{formKey}/carry',
    operationId: 'carryAnswers',
    summary: 'What answers begun on an earlier version come to on the current one, and what changed; nothing is stored',
    tags: ['forms'],
    request: { params: FormParams },
  })
  @access({ audience: 'citizen', errors: ['not_found'] })
  @body(CarryInput)
  @responses(Carried)
  carryAnswers({
    params,
    body: { version, answers },
  }: Req<{ params: typeof FormParams; body: typeof CarryInput }, 'citizen'>) {
    return this.carry(params.formKey, version, answers);
  }
}

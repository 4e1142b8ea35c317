import { access, Problem, responses, routeConfig, type Req } from '../../http/index.ts';
import { FormParams, OpenForms, PublishedForm, VersionParams } from './forms.schema.ts';
import type { Published } from './published.ts';

/** Forms as citizens see them; no log-in is needed to read one. */
export class CitizenFormsController {
  constructor(private readonly published: Published) {}

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
  @responses(PublishedForm)
  async getOpenForm({ params }: Req<{ params: typeof FormParams }, 'public'>) {
    const form = await this.published.published(params.formKey);
    if (!form) throw new Problem('not_found');
    if (form.status === 'closed') throw new Problem('form_closed');
    return { key: form.key, version: form.version, content: form.content };
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
    return { key: form.key, version: form.version, content: form.content };
  }
}

import { access, Download, Problem, routeConfig, XLSX, type Req } from '../../http/index.ts';
import { textOf } from '../../../shared/fields/index.ts';
import { VersionParams, type Forms } from '../forms/index.ts';
import { templateOf } from './template.ts';

export class TemplateController {
  readonly #forms: Forms;

  constructor(forms: Forms) {
    this.#forms = forms;
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/versions/{number}/template',
    operationId: 'downloadTemplate',
    summary: 'The Excel template of a form version',
    tags: ['imports'],
    request: { params: VersionParams },
  })
  @access({ audience: 'business', permission: 'import.run', deadline: 'transfer', download: XLSX })
  async downloadTemplate({ params, locale }: Req<{ params: typeof VersionParams }>) {
    const form = await this.#forms.version(params.formKey, params.number);
    if (!form) throw new Problem('not_found');
    return new Download(templateOf(form, locale), {
      filename: `${textOf(form.content.title, locale)}-v${form.version}.xlsx`,
      contentType: XLSX,
    });
  }
}

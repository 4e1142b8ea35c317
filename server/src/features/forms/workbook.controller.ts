import { isEditable } from '../../../shared/forms/edit.ts';
import { access, Download, Problem, readMultipart, responses, routeConfig, XLSX, type Req } from '../../http/index.ts';
import type { FormsReader } from './forms.reader.ts';
import { FormParams } from './forms.schema.ts';
import { formInWorkbook, WORKBOOK_BYTES, workbookOf } from './workbook.ts';
import { FormWorkbook, workbookBody } from './workbook.schema.ts';

const tags = ['forms'];

/** Forms as workbooks of one row a field, for those who would rather change them in Excel. */
export class FormWorkbookController {
  constructor(private readonly reader: FormsReader) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/forms/{formKey}/working-version/workbook',
    operationId: 'downloadFormWorkbook',
    summary: 'What is being worked on, as a workbook of one row a field',
    tags,
    request: { params: FormParams },
  })
  @access({
    audience: 'business',
    permission: 'form.read',
    deadline: 'transfer',
    download: XLSX,
    errors: ['not_found', 'conflict'],
  })
  async downloadFormWorkbook({ params, caller, locale }: Req<{ params: typeof FormParams }>) {
    const { workingVersion } = await this.reader.detail(caller, params.formKey);
    if (!isEditable(workingVersion.content)) throw new Problem('conflict');
    return new Download(workbookOf(workingVersion.content, locale), {
      filename: `${params.formKey}.xlsx`,
      contentType: XLSX,
    });
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/form-workbooks',
    operationId: 'readFormWorkbook',
    summary: 'The form that a workbook says; keeps nothing',
    tags,
    request: { body: workbookBody },
  })
  @access({
    audience: 'business',
    permission: 'form.write',
    rateLimit: 'upload',
    deadline: 'transfer',
    upload: true,
    errors: [
      'file_missing',
      'file_encrypted',
      'file_old_xls',
      'file_html',
      'file_not_workbook',
      'file_truncated',
      'file_corrupt',
      'file_bomb',
      'file_too_large',
    ],
  })
  @responses(FormWorkbook)
  async readFormWorkbook({ ctx, signal }: Req) {
    const { file } = await readMultipart(ctx, {
      maxBytes: WORKBOOK_BYTES,
      signal,
      take: (stream) => formInWorkbook(stream, signal),
      discard: () => Promise.resolve(),
    });
    return file;
  }
}

import {
  access,
  Download,
  readMultipart,
  responses,
  routeConfig,
  validate,
  XLSX,
  type Req,
  type z,
} from '../../http/index.ts';
import { loadMessages } from '../../../shared/messages/index.ts';
import type { Cipher } from '../../infra/crypto/index.ts';
import type { Locale } from '../../../shared/fields/index.ts';
import type { FaultsWorkbook } from './faults.workbook.ts';
import { importBody, ImportFields, ImportPage, ImportParams, ImportQuery, ImportView } from './imports.schema.ts';
import { MAX_IMPORT_BYTES, type ImportsService } from './imports.service.ts';
import { presentDetail, presentImport } from './imports.presenter.ts';
import type { ImportDoc } from './imports.model.ts';

const tags = ['imports'];

export class ImportsController {
  readonly #imports: ImportsService;
  readonly #faults: FaultsWorkbook;
  readonly #cipher: Cipher;

  constructor(imports: ImportsService, faults: FaultsWorkbook, cipher: Cipher) {
    this.#imports = imports;
    this.#faults = faults;
    this.#cipher = cipher;
  }

  async #show(doc: ImportDoc, locale: Locale) {
    return presentDetail(doc, this.#cipher, await loadMessages(locale));
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports',
    operationId: 'createImport',
    summary: 'Upload a table; each row becomes a submission',
    tags,
    request: { body: importBody },
  })
  @access({
    audience: 'business',
    permission: 'import.run',
    idempotency: 'handler',
    rateLimit: 'upload',
    deadline: 'transfer',
    upload: true,
    status: 202,
    errors: [
      'not_found',
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
  @responses(ImportView)
  async createImport({ ctx, caller, ip, signal, requestKey, locale }: Req) {
    const upload = await readMultipart(ctx, { maxBytes: MAX_IMPORT_BYTES, signal });
    try {
      const fields = validate(ImportFields, { ...upload.fields }, 'body') as z.output<typeof ImportFields>;
      return await this.#show(await this.#imports.accept(caller, ip, requestKey!, upload, fields), locale);
    } finally {
      await upload.discard();
    }
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/imports',
    operationId: 'listImports',
    summary: 'Imports, newest first',
    tags,
    request: { query: ImportQuery },
  })
  @access({ audience: 'business', permission: 'import.run' })
  @responses(ImportPage)
  async listImports({ caller, query, locale }: Req<{ query: typeof ImportQuery }>) {
    const { items, nextCursor } = await this.#imports.list(caller, query);
    const messages = await loadMessages(locale);
    return { items: items.map((doc) => presentImport(doc, this.#cipher, messages)), nextCursor };
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/imports/{id}',
    operationId: 'getImport',
    summary: 'One import with its progress',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run' })
  @responses(ImportView)
  async getImport({ caller, params, locale }: Req<{ params: typeof ImportParams }>) {
    return this.#show(await this.#imports.get(caller, params.id), locale);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/imports/{id}/cancel',
    operationId: 'cancelImport',
    summary: 'Stop an import; rows already done stay',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', errors: ['conflict'] })
  @responses(ImportView)
  async cancelImport({ caller, params, ip, locale }: Req<{ params: typeof ImportParams }>) {
    return this.#show(await this.#imports.cancel(caller, ip, params.id), locale);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/imports/{id}/errors',
    operationId: 'downloadImportErrors',
    summary: 'The refused rows as they stood in the file, with the reason',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', deadline: 'transfer', download: XLSX })
  async downloadImportErrors({ caller, params, locale, signal }: Req<{ params: typeof ImportParams }>) {
    const doc = await this.#imports.get(caller, params.id);
    return new Download(await this.#faults(doc, locale, signal), {
      filename: `errors-${params.id}.xlsx`,
      contentType: XLSX,
    });
  }
}

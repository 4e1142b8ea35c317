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
import type { FaultsWorkbook } from './faults.workbook.ts';
import type { ImportPresenter } from './imports.presenter.ts';
import type { ImportRead } from './imports.read.ts';
import { importBody, ImportFields, ImportPage, ImportParams, ImportQuery, ImportView } from './imports.schema.ts';
import type { ImportUpload } from './imports.upload.ts';

const tags = ['imports'];

export class ImportsController {
  readonly #upload: ImportUpload;
  readonly #read: ImportRead;
  readonly #presenter: ImportPresenter;
  readonly #faults: FaultsWorkbook;

  constructor(parts: { upload: ImportUpload; read: ImportRead; presenter: ImportPresenter; faults: FaultsWorkbook }) {
    this.#upload = parts.upload;
    this.#read = parts.read;
    this.#presenter = parts.presenter;
    this.#faults = parts.faults;
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
    const upload = await readMultipart(ctx, {
      maxBytes: this.#upload.maxBytes,
      signal,
      take: (file, filename) => this.#upload.store(file, filename, signal),
      discard: this.#upload.discard,
    });
    try {
      const fields = validate(ImportFields, { ...upload.fields }, 'body') as z.output<typeof ImportFields>;
      const doc = await this.#upload.accept({ caller, ip, requestKey: requestKey! }, { ...upload, fields });
      return await this.#presenter.detail(doc, caller, await loadMessages(locale));
    } catch (error) {
      await this.#upload.discard(upload.file);
      throw error;
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
    const { items, nextCursor } = await this.#read.list(caller, query);
    const messages = await loadMessages(locale);
    return {
      items: await Promise.all(items.map((doc) => this.#presenter.summary(doc, caller, messages))),
      nextCursor,
    };
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
    const doc = await this.#read.get(caller, params.id);
    return this.#presenter.detail(doc, caller, await loadMessages(locale));
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
    const doc = await this.#read.get(caller, params.id);
    return new Download(await this.#faults(doc, caller, locale, signal), {
      filename: `errors-${params.id}.xlsx`,
      contentType: XLSX,
    });
  }
}

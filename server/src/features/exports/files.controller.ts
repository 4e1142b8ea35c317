import { access, Download, routeConfig, XLSX, ZIP, type Req } from '../../http/index.ts';
import type { Storage } from '../../infra/storage/index.ts';
import { ExportParams, FileQuery } from './exports.schema.ts';
import type { Links } from './links.ts';

/** The files of exports, by their links. */
export class ExportFilesController {
  readonly #links: Links;
  readonly #storage: Storage;

  constructor(links: Links, storage: Storage) {
    this.#links = links;
    this.#storage = storage;
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/exports/{id}/file',
    operationId: 'downloadExport',
    summary: 'The file of an export, or a part of it (Range), by its link',
    description:
      'A workbook, or a zip with a password that holds it. `If-Range` with the `ETag` goes on with a broken download.',
    tags: ['exports'],
    request: { params: ExportParams, query: FileQuery },
  })
  @access({
    audience: 'business',
    permission: 'export.run',
    deadline: 'transfer',
    download: [XLSX, ZIP],
    ranges: true,
    errors: ['conflict', 'gone'],
  })
  async downloadExport(req: Req<{ params: typeof ExportParams; query: typeof FileQuery }>) {
    const { file, locked } = await this.#links.follow(req, req.params.id, req.query.token);
    return Download.ofStored(req.ctx, {
      filename: file.name,
      contentType: locked ? ZIP : XLSX,
      bytes: file.bytes,
      tag: file.sha256,
      open: (range) => this.#storage.open(file.id, range),
    });
  }
}

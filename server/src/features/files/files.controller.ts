import {
  access,
  Download,
  readMultipart,
  responses,
  routeConfig,
  type CitizenCaller,
  type Req,
  type StaffCaller,
} from '../../http/index.ts';
import * as S from './files.schema.ts';
import type { OwnFiles } from './own-files.ts';
import type { UploadInput, Uploads } from './uploads.ts';

const tags = ['files'];
const REFUSALS = [
  'not_found',
  'file_missing',
  'file_type_refused',
  'file_truncated',
  'too_many_uploads',
  'not_ready',
] as const;

/** Files for answers: uploaded before the form is sent, referred to in it. */
export class FilesController {
  constructor(
    private readonly uploads: Uploads,
    private readonly own: OwnFiles,
  ) {}

  async #upload(
    { ctx, caller, signal }: Pick<Req, 'ctx' | 'signal'> & { caller: CitizenCaller | StaffCaller },
    query: UploadInput,
  ) {
    const { uploads } = this;
    const types = await uploads.typesOf(query);
    const declared = Number(ctx.get('content-length') || 0);
    const bytes = declared > 0 ? Math.min(declared, uploads.maxBytes) : uploads.maxBytes;
    const { file } = await readMultipart(ctx, {
      maxBytes: uploads.maxBytes,
      signal,
      take: (stream, filename) => uploads.take(caller, { ...query, types }, { stream, filename, bytes, signal }),
      // It is its sender's, refers to nothing, and is swept.
      discard: () => Promise.resolve(),
    });
    return file;
  }

  @routeConfig({
    method: 'post',
    path: '/api/citizen/files',
    operationId: 'uploadFile',
    summary: 'Upload a file for a field of a form; the same again answers the same file',
    tags,
    request: { query: S.UploadQuery, body: S.fileBody },
  })
  @access({
    audience: 'citizen',
    status: 201,
    rateLimit: 'upload',
    deadline: 'transfer',
    upload: true,
    errors: REFUSALS,
  })
  @responses(S.UploadedFile)
  uploadFile(req: Req<{ query: typeof S.UploadQuery }, 'citizen'>) {
    return this.#upload(req, req.query);
  }

  @routeConfig({
    method: 'get',
    path: '/api/citizen/files/{id}',
    operationId: 'downloadOwnFile',
    summary: 'A file of mine',
    tags,
    request: { params: S.FileParams },
  })
  @access({
    audience: 'citizen',
    deadline: 'transfer',
    download: S.CONTENT_TYPES,
    ranges: true,
    errors: ['not_found', 'gone'],
  })
  async downloadOwnFile({ ctx, caller, params }: Req<{ params: typeof S.FileParams }, 'citizen'>) {
    return Download.ofStored(ctx, await this.own.open(caller.accountId, params.id));
  }

  @routeConfig({
    method: 'delete',
    path: '/api/citizen/files/{id}',
    operationId: 'deleteOwnFile',
    summary: 'Give up a file that was not sent; fine if there is none',
    tags,
    request: { params: S.FileParams },
  })
  @access({ audience: 'citizen' })
  async deleteOwnFile({ caller, params }: Req<{ params: typeof S.FileParams }, 'citizen'>) {
    await this.own.remove(caller.accountId, params.id);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/files',
    operationId: 'uploadFileAsStaff',
    summary: 'Upload a file for a record that staff fill in or change',
    tags,
    request: { query: S.UploadQuery, body: S.fileBody },
  })
  @access({
    audience: 'business',
    permission: 'submission.write',
    status: 201,
    rateLimit: 'upload',
    deadline: 'transfer',
    upload: true,
    errors: REFUSALS,
  })
  @responses(S.UploadedFile)
  uploadFileAsStaff(req: Req<{ query: typeof S.UploadQuery }>) {
    return this.#upload(req, req.query);
  }
}

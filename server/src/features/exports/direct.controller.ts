import { access, Download, routeConfig, XLSX, type Req } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { DirectExports } from './direct.ts';
import { PeopleExportQuery, SubmissionsExportQuery } from './exports.schema.ts';
import { TITLES } from './plan.ts';

const tags = ['exports'];

/** Small lists as workbooks, at once. */
export class DirectExportsController {
  readonly #exports: DirectExports;
  readonly #clock: () => Date;

  constructor(exports: DirectExports, clock: () => Date) {
    this.#exports = exports;
    this.#clock = clock;
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/people/export',
    operationId: 'exportPeople',
    summary: 'The filtered list of people as a workbook, up to 20,000 rows and below the number that needs an approval',
    tags,
    request: { query: PeopleExportQuery },
  })
  @access({
    audience: 'business',
    permission: 'export.run',
    fresh: true,
    deadline: 'transfer',
    download: XLSX,
    errors: ['approval_needed', 'export_too_large'],
  })
  async exportPeople(req: Req<{ query: typeof PeopleExportQuery }>) {
    const { columns, clear, reason, ...filter } = req.query;
    return this.#file(
      TITLES[req.locale].people,
      await this.#exports.stream(req, 'people', filter, { columns, clear, reason }),
    );
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/submissions/export',
    operationId: 'exportSubmissions',
    summary:
      'The filtered list of submissions as a workbook, up to 20,000 rows and below the number that needs an approval',
    tags,
    request: { query: SubmissionsExportQuery },
  })
  @access({
    audience: 'business',
    permission: 'export.run',
    fresh: true,
    deadline: 'transfer',
    download: XLSX,
    errors: ['approval_needed', 'export_too_large'],
  })
  async exportSubmissions(req: Req<{ query: typeof SubmissionsExportQuery }>) {
    const { columns, clear, reason, ...filter } = req.query;
    return this.#file(
      TITLES[req.locale].submissions,
      await this.#exports.stream(req, 'submissions', filter, { columns, clear, reason }),
    );
  }

  #file(title: string, stream: Download['stream']): Download {
    return new Download(stream, { filename: `${title}-${shanghaiDay(this.#clock())}.xlsx`, contentType: XLSX });
  }
}

import { access, Download, routeConfig, XLSX, type Req } from '../../http/index.ts';
import { shanghaiDay } from '../../infra/clock/index.ts';
import type { Forms } from '../forms/index.ts';
import type { People } from '../people/index.ts';
import type { Regions } from '../regions/index.ts';
import type { Submissions } from '../submissions/index.ts';
import { PeopleExportQuery, SubmissionsExportQuery } from './exports.schema.ts';
import type { ExportsService } from './exports.service.ts';
import { peopleColumns } from './people.export.ts';
import { submissionColumns } from './submissions.export.ts';

export interface Lists {
  people: People;
  submissions: Submissions;
  forms: Forms;
  regions: Regions;
}

const TITLES = {
  'zh-CN': { people: '人员', submissions: '登记记录' },
  en: { people: 'People', submissions: 'Submissions' },
} as const;
const tags = ['exports'];

export class ExportsController {
  readonly #exports: ExportsService;
  readonly #lists: Lists;
  readonly #clock: () => Date;

  constructor(exports: ExportsService, lists: Lists, clock: () => Date) {
    this.#exports = exports;
    this.#lists = lists;
    this.#clock = clock;
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/people/export',
    operationId: 'exportPeople',
    summary: 'The filtered list of people as a workbook',
    tags,
    request: { query: PeopleExportQuery },
  })
  @access({ audience: 'business', permission: 'export.run', deadline: 'transfer', download: XLSX })
  async exportPeople(req: Req<{ query: typeof PeopleExportQuery }>) {
    const { people, regions } = this.#lists;
    const { query, locale } = req;
    const clear = this.#exports.mayClear(req.caller, query);
    const sheet = TITLES[locale].people;
    const columns = peopleColumns({ people, regions, locale, clear });
    const source = {
      list: 'people' as const,
      sheet,
      model: people.model(),
      sort: { createdAt: -1 as const, _id: -1 as const },
      filter: people.buildFilter(query),
      columns,
    };
    return this.#file(sheet, await this.#exports.stream(req, source, query));
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/submissions/export',
    operationId: 'exportSubmissions',
    summary: 'The filtered list of submissions as a workbook',
    tags,
    request: { query: SubmissionsExportQuery },
  })
  @access({ audience: 'business', permission: 'export.run', deadline: 'transfer', download: XLSX })
  async exportSubmissions(req: Req<{ query: typeof SubmissionsExportQuery }>) {
    const { submissions, forms, regions } = this.#lists;
    const { query, locale } = req;
    const clear = this.#exports.mayClear(req.caller, query);
    const form = query.form
      ? await (query.version ? forms.version(query.form, query.version) : forms.published(query.form))
      : null;
    const sheet = TITLES[locale].submissions;
    const columns = submissionColumns({ submissions, regions, content: form?.content ?? null, locale, clear });
    const filter = await submissions.buildFilter(query);
    const source = {
      list: 'submissions' as const,
      sheet,
      model: submissions.model(),
      sort: { submittedAt: -1 as const, _id: -1 as const },
      filter,
      columns,
    };
    return this.#file(sheet, await this.#exports.stream(req, source, query));
  }

  #file(title: string, stream: Download['stream']): Download {
    return new Download(stream, { filename: `${title}-${shanghaiDay(this.#clock())}.xlsx`, contentType: XLSX });
  }
}

import { createHash } from 'node:crypto';
import { access, EventStream, responses, routeConfig, type Req } from '../../http/index.ts';
import { isOpen, type ExportDoc } from './exports.model.ts';
import type { PresentExport } from './exports.presenter.ts';
import { ActiveExports, ExportParams, ExportView } from './exports.schema.ts';
import type { ExportsService } from './exports.service.ts';

const tags = ['exports'];
/** More than anybody may have open at once. */
const NEWEST = 50;

/** Names what a reader sees of an export now. */
const stateOf = ({ _id, state, work, restarts, snapshots, expected, progress }: ExportDoc): string =>
  [_id, state, work.state, work.fence, restarts, snapshots, expected.count, progress.rows].join('.');

/** Progress as it happens. */
export class ExportEventsController {
  readonly #service: ExportsService;
  readonly #present: PresentExport;

  constructor({ service, present }: { service: ExportsService; present: PresentExport }) {
    this.#service = service;
    this.#present = present;
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/exports/events',
    operationId: 'streamActiveExports',
    summary: 'One’s own exports that have not ended, whenever one of them has changed',
    tags,
  })
  @access({ audience: 'business', permission: 'export.run', events: true })
  @responses(ActiveExports)
  async streamActiveExports({ caller, locale }: Req) {
    const look = async () => {
      const { items } = await this.#service.mine(caller, { limit: NEWEST });
      const open = items.filter(isOpen);
      const id = createHash('sha256').update(open.map(stateOf).join()).digest('hex').slice(0, 32);
      return { id, data: { items: await Promise.all(open.map((doc) => this.#present(doc, caller, locale))) } };
    };
    return new EventStream({ look, everyMs: 1_000 });
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/exports/{id}/events',
    operationId: 'streamExport',
    summary: 'One of one’s own exports, whenever it has changed',
    tags,
    request: { params: ExportParams },
  })
  @access({ audience: 'business', permission: 'export.run', events: true })
  @responses(ExportView)
  async streamExport({ caller, params, locale }: Req<{ params: typeof ExportParams }>) {
    // What is not one's own is refused by an ordinary answer, before the stream begins.
    await this.#service.own(caller, params.id);
    const look = async () => {
      const doc = await this.#service.own(caller, params.id);
      return { id: stateOf(doc), data: await this.#present(doc, caller, locale), last: !isOpen(doc) };
    };
    return new EventStream({ look });
  }
}

import { createHash } from 'node:crypto';
import { access, EventStream, responses, routeConfig, type Req } from '../../http/index.ts';
import { loadMessages } from '../../../shared/messages/index.ts';
import type { ImportPresenter } from './imports.presenter.ts';
import type { ImportRead } from './imports.read.ts';
import { ActiveImports, ImportParams, ImportView } from './imports.schema.ts';
import { isEnded } from './imports.states.ts';

const tags = ['imports'];

/** Progress as it happens. */
export class ImportEventsController {
  readonly #read: ImportRead;
  readonly #presenter: ImportPresenter;

  constructor({ read, presenter }: { read: ImportRead; presenter: ImportPresenter }) {
    this.#read = read;
    this.#presenter = presenter;
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/imports/events',
    operationId: 'streamActiveImports',
    summary: 'The imports that have not ended, whenever one of them has changed',
    tags,
  })
  @access({ audience: 'business', permission: 'import.run', events: true })
  @responses(ActiveImports)
  async streamActiveImports({ caller, locale }: Req) {
    const messages = await loadMessages(locale);
    const look = async () => {
      const docs = await this.#read.active(caller);
      const names = docs.map(({ _id, rev }) => `${String(_id)}.${rev}`).join('-');
      const data = async () => ({
        items: await Promise.all(docs.map((doc) => this.#presenter.summary(doc, caller, messages))),
      });
      return { id: createHash('sha256').update(names).digest('hex').slice(0, 32), data };
    };
    return new EventStream({ look, everyMs: 1_000 });
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/imports/{id}/events',
    operationId: 'streamImport',
    summary: 'One import, whenever it has changed',
    tags,
    request: { params: ImportParams },
  })
  @access({ audience: 'business', permission: 'import.run', events: true })
  @responses(ImportView)
  async streamImport({ caller, params, locale }: Req<{ params: typeof ImportParams }>) {
    const messages = await loadMessages(locale);
    // What can't be reached is refused by an ordinary answer, before the stream begins.
    await this.#read.get(caller, params.id);
    const look = async () => {
      const doc = await this.#read.get(caller, params.id);
      const data = () => this.#presenter.detail(doc, caller, messages);
      return { id: String(doc.rev), data, last: isEnded(doc.state) };
    };
    return new EventStream({ look });
  }
}

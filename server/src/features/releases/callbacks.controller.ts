import { access, body, responses, routeConfig, type Req, type z } from '../../http/index.ts';
import type { ReleaseDoc, ReleaseEvent } from './releases.model.ts';
import { presentEvent, presentRelease, presentVerdict } from './releases.presenter.ts';
import type { createRead } from './releases.read.ts';
import { KEPT_MESSAGE, ReleaseAsked, ReleaseEventInput, ReleaseRecords, ReleaseVerdict } from './releases.schema.ts';

type Take = (id: string, event: Omit<ReleaseEvent, 'receivedAt'>) => Promise<ReleaseDoc>;

/** What the operator's program and the hosts call; they sign with DEPLOY_SECRET. */
export class ReleaseCallbacksController {
  readonly #take: Take;
  readonly #read: ReturnType<typeof createRead>;

  constructor(take: Take, read: ReturnType<typeof createRead>) {
    this.#take = take;
    this.#read = read;
  }

  @routeConfig({
    method: 'post',
    path: '/api/callbacks/releases/events',
    operationId: 'recordReleaseEvent',
    summary: 'The deployment tells what became of a release',
    description:
      'By release and seq: the same event sent again changes nothing, and events may come in any order. A 409 or 422 is ' +
      'final: sending the same again is refused again.',
    tags: ['callbacks'],
  })
  @access({
    audience: 'public',
    signed: 'deploy',
    rateLimit: 'callback',
    errors: ['release_transition', 'release_seq_taken', 'release_unapproved', 'release_expired', 'release_full'],
  })
  @body(ReleaseEventInput)
  @responses(ReleaseVerdict)
  async recordReleaseEvent({ body: { release, ...event } }: Req<{ body: typeof ReleaseEventInput }, 'public'>) {
    return presentVerdict(await this.#take(release, fromInput(event)));
  }

  @routeConfig({
    method: 'post',
    path: '/api/callbacks/releases/query',
    operationId: 'queryReleases',
    summary: 'Release records for the deployment: the newest, or one with its events',
    tags: ['callbacks'],
  })
  @access({ audience: 'public', signed: 'deploy', rateLimit: 'callback' })
  @body(ReleaseAsked)
  @responses(ReleaseRecords)
  async queryReleases({ body: { id, limit = 20 } }: Req<{ body: typeof ReleaseAsked }, 'public'>) {
    if (id === undefined) return { items: (await this.#read.list({ limit })).items.map(presentRelease) };
    const doc = await this.#read.find(id);
    return { items: doc ? [{ ...presentRelease(doc), events: doc.events.map(presentEvent) }] : [] };
  }
}

function fromInput(event: Omit<z.output<typeof ReleaseEventInput>, 'release'>): Omit<ReleaseEvent, 'receivedAt'> {
  const { message } = event;
  return {
    seq: event.seq,
    at: new Date(event.at),
    state: event.state,
    by: event.by,
    kind: event.kind ?? null,
    target: event.target ?? null,
    environment: event.environment ?? null,
    host: event.host ?? null,
    step: event.step ?? null,
    durationMs: event.durationMs ?? null,
    message: message && message.length > KEPT_MESSAGE ? `${message.slice(0, KEPT_MESSAGE)}…` : (message ?? null),
    commit: event.commit ?? null,
    ref: event.ref ?? null,
    artifact: event.artifact ?? null,
    approvalRequired: event.approvalRequired ?? null,
  };
}

import { access, body, Problem, responses, routeConfig, type Req, type StaffCaller } from '../../http/index.ts';
import type { Permission } from '../../../shared/permissions.ts';
import { holdsEverywhere } from '../scope/index.ts';
import type { Approvals } from './releases.approve.ts';
import type { ReleaseDoc } from './releases.model.ts';
import { presentEvent, presentRelease } from './releases.presenter.ts';
import type { createRead } from './releases.read.ts';
import { ApproveInput, ReleaseDetail, ReleasePage, ReleaseParams, ReleasesQuery } from './releases.schema.ts';

type Params = { params: typeof ReleaseParams };

/** Releases belong to the whole installation: a right for one region or organisation is none here. @throws forbidden */
function assertEverywhere(caller: StaffCaller, permission: Permission): void {
  if (!holdsEverywhere(caller, permission)) throw new Problem('forbidden');
}

export class ReleasesController {
  readonly #read: ReturnType<typeof createRead>;
  readonly #approvals: Approvals;

  constructor(read: ReturnType<typeof createRead>, approvals: Approvals) {
    this.#read = read;
    this.#approvals = approvals;
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/releases',
    operationId: 'listReleases',
    summary: 'Releases, newest first',
    tags: ['releases'],
    request: { query: ReleasesQuery },
  })
  @access({ audience: 'system', permission: 'release.read' })
  @responses(ReleasePage)
  async listReleases({ caller, query }: Req<{ query: typeof ReleasesQuery }>) {
    assertEverywhere(caller, 'release.read');
    const { items, nextCursor } = await this.#read.list(query);
    return { items: items.map(presentRelease), nextCursor };
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/releases/{id}',
    operationId: 'getRelease',
    summary: 'One release with everything that happened in it',
    tags: ['releases'],
    request: { params: ReleaseParams },
  })
  @access({ audience: 'system', permission: 'release.read' })
  @responses(ReleaseDetail)
  async getRelease({ caller, params }: Req<Params>) {
    assertEverywhere(caller, 'release.read');
    const doc = await this.#read.find(params.id);
    if (!doc) throw new Problem('not_found');
    return this.#detail(caller, doc);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/releases/{id}/approve',
    operationId: 'approveRelease',
    summary: 'Let a release of another person pass',
    tags: ['releases'],
    request: { params: ReleaseParams },
  })
  @access({
    audience: 'system',
    permission: 'release.approve',
    idempotency: 'optional',
    errors: ['conflict', 'edit_conflict', 'own_release', 'release_expired'],
  })
  @body(ApproveInput)
  @responses(ReleaseDetail)
  async approveRelease({ caller, ip, params, body }: Req<Params & { body: typeof ApproveInput }>) {
    assertEverywhere(caller, 'release.approve');
    return this.#detail(caller, await this.#approvals.approve({ caller, ip }, params.id, body));
  }

  #detail(caller: StaffCaller, doc: ReleaseDoc) {
    return {
      ...presentRelease(doc),
      mayApprove: this.#approvals.may(caller, doc),
      events: doc.events.map(presentEvent),
    };
  }
}

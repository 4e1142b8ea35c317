import { access, responses, routeConfig, type Req } from '../../http/index.ts';
import type { createDeadWork } from './dead-work.service.ts';
import { DeadWorkPage, DeadWorkParams, DeadWorkQuery } from './schedules.schema.ts';

export class DeadWorkController {
  readonly #deadWork: ReturnType<typeof createDeadWork>;

  constructor(deadWork: ReturnType<typeof createDeadWork>) {
    this.#deadWork = deadWork;
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/dead-work',
    operationId: 'listDeadWork',
    summary: 'Work that was given up after too many failures, newest first',
    tags: ['schedules'],
    request: { query: DeadWorkQuery },
  })
  @access({ audience: 'system', permission: 'job.read' })
  @responses(DeadWorkPage)
  listDeadWork({ caller, query }: Req<{ query: typeof DeadWorkQuery }>) {
    return this.#deadWork.list(caller, query);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/dead-work/{kind}/{id}/retry',
    operationId: 'retryDeadWork',
    summary: 'Try work that was given up again',
    tags: ['schedules'],
    request: { params: DeadWorkParams },
  })
  @access({ audience: 'system', permission: 'job.manage' })
  retryDeadWork({ caller, ip, params }: Req<{ params: typeof DeadWorkParams }>) {
    return this.#deadWork.retry({ caller, ip }, params);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/dead-work/{kind}/{id}/dismiss',
    operationId: 'dismissDeadWork',
    summary: 'Let work that was given up rest for good',
    tags: ['schedules'],
    request: { params: DeadWorkParams },
  })
  @access({ audience: 'system', permission: 'job.manage' })
  dismissDeadWork({ caller, ip, params }: Req<{ params: typeof DeadWorkParams }>) {
    return this.#deadWork.dismiss({ caller, ip }, params);
  }
}

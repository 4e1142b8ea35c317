import { access, responses, routeConfig, type Req } from '../../http/index.ts';
import type { createAuditList } from './audit.list.ts';
import { AuditPage, AuditQuery } from './audit.schema.ts';

export class AuditController {
  readonly #list: ReturnType<typeof createAuditList>;

  constructor(list: ReturnType<typeof createAuditList>) {
    this.#list = list;
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/audit',
    operationId: 'listAudit',
    summary: 'What happened, newest first',
    tags: ['audit'],
    request: { query: AuditQuery },
  })
  @access({ audience: 'system', permission: 'audit.read' })
  @responses(AuditPage)
  async listAudit({ caller, query }: Req<{ query: typeof AuditQuery }>) {
    return this.#list(caller, query);
  }
}

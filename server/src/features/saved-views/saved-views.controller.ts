import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import * as S from './saved-views.schema.ts';
import type { SavedViews } from './saved-views.service.ts';

const tags = ['records'];

export class SavedViewsController {
  constructor(private readonly views: SavedViews) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/saved-views',
    operationId: 'listSavedViews',
    summary: 'My views of a list, and the shared ones',
    tags,
    request: { query: S.ViewsQuery },
  })
  @access({ audience: 'business', permission: 'submission.read' })
  @responses(S.Views)
  listSavedViews({ caller, query }: Req<{ query: typeof S.ViewsQuery }>) {
    return this.views.list(caller, query.list);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/saved-views',
    operationId: 'saveView',
    summary: 'Keep a view of a list; replaces my own of the same name',
    tags,
  })
  @access({ audience: 'business', permission: 'submission.read', idempotency: 'optional', errors: ['conflict'] })
  @body(S.ViewInput)
  @responses(S.View)
  saveView({ caller, body: input }: Req<{ body: typeof S.ViewInput }>) {
    return this.views.save(caller, input);
  }

  @routeConfig({
    method: 'delete',
    path: '/api/business/saved-views/{id}',
    operationId: 'deleteSavedView',
    summary: 'Give up a view of mine',
    tags,
    request: { params: S.ViewParams },
  })
  @access({
    audience: 'business',
    permission: 'submission.read',
    idempotency: 'optional',
    status: 204,
    errors: ['not_found'],
  })
  async deleteSavedView({ caller, params }: Req<{ params: typeof S.ViewParams }>) {
    await this.views.remove(caller, params.id);
  }
}

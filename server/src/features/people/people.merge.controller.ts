import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import type { PresentPerson } from './people.controller.ts';
import type { Duplicates } from './people.duplicates.ts';
import type { PeopleMerge } from './people.merge.ts';
import * as S from './people.schema.ts';

const tags = ['people'];
type One = Req<{ params: typeof S.PersonParams }>;

/** Duplicates among people: finding, merging, taking it back. */
export class PeopleMergeController {
  constructor(
    private readonly merging: PeopleMerge,
    private readonly duplicates: Duplicates,
    private readonly present: PresentPerson,
  ) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/people/{id}/duplicates',
    operationId: 'listDuplicates',
    summary: 'Others who may be the same person, the most alike first; masked',
    tags,
    request: { params: S.PersonParams },
  })
  @access({ audience: 'business', permission: 'person.read', errors: ['not_found'] })
  @responses(S.DuplicateList)
  listDuplicates({ caller, locale, params }: One) {
    return this.duplicates.of(caller, locale, params.id);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/people/{id}/merges',
    operationId: 'listMerges',
    summary: 'The merges that this person was part of, newest first',
    tags,
    request: { params: S.PersonParams },
  })
  @access({ audience: 'business', permission: 'person.read', errors: ['not_found'] })
  @responses(S.MergeList)
  listMerges({ caller, params }: One) {
    return this.duplicates.merges(caller, params.id);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/people/{id}/merge',
    operationId: 'mergePerson',
    summary: 'Merge this duplicate into another person',
    tags,
    request: { params: S.PersonParams },
  })
  @access({
    audience: 'business',
    permission: 'person.merge',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict', 'conflict'],
  })
  @body(S.MergeInput)
  @responses(S.PersonDetail)
  async mergePerson(req: Req<{ params: typeof S.PersonParams; body: typeof S.MergeInput }>) {
    return this.present(await this.merging.merge(req, req.params.id, req.body), req);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/person-merges/{id}/undo',
    operationId: 'undoMerge',
    summary: 'Take a merge back; answers the person who is there again',
    tags,
    request: { params: S.PersonParams },
  })
  @access({
    audience: 'business',
    permission: 'person.merge',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict', 'conflict'],
  })
  @responses(S.PersonDetail)
  async undoMerge(req: One) {
    return this.present(await this.merging.undo(req, req.params.id), req);
  }
}

import { access, body, responses, routeConfig, type Req, type z } from '../../http/index.ts';
import type { PeopleEdit } from './people.edit.ts';
import type { PersonDoc } from './people.model.ts';
import type { PeopleRead } from './people.read.ts';
import * as S from './people.schema.ts';

const tags = ['people'];
type One = Req<{ params: typeof S.PersonParams }>;

/** A person as the caller of a request may see it. */
export type PresentPerson = (
  doc: PersonDoc,
  req: Pick<Req, 'caller' | 'locale'>,
) => Promise<z.infer<typeof S.PersonDetail>>;

export class PeopleController {
  constructor(
    private readonly read: PeopleRead,
    private readonly write: PeopleEdit,
    private readonly present: PresentPerson,
  ) {}

  @routeConfig({
    method: 'get',
    path: '/api/business/people',
    operationId: 'listPeople',
    summary: 'People, newest first',
    tags,
    request: { query: S.PeopleQuery },
  })
  @access({ audience: 'business', permission: 'person.read' })
  @responses(S.PersonPage)
  listPeople({ query, caller, locale }: Req<{ query: typeof S.PeopleQuery }>) {
    return this.read.list(caller, locale, query);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/people',
    operationId: 'createPerson',
    summary: 'Add a person',
    tags,
  })
  @access({
    audience: 'business',
    permission: 'person.write',
    idempotency: 'optional',
    status: 201,
    errors: ['conflict'],
  })
  @body(S.PersonInput)
  @responses(S.PersonDetail)
  async createPerson(req: Req<{ body: typeof S.PersonInput }>) {
    return this.present(await this.write.create(req, req.body), req);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/people/{id}',
    operationId: 'getPerson',
    summary: 'A person, masked',
    tags,
    request: { params: S.PersonParams },
  })
  @access({ audience: 'business', permission: 'person.read', errors: ['not_found'] })
  @responses(S.PersonDetail)
  getPerson({ params, caller, locale }: One) {
    return this.read.detail(caller, locale, params.id);
  }

  @routeConfig({
    method: 'put',
    path: '/api/business/people/{id}',
    operationId: 'editPerson',
    summary: 'Change a person',
    tags,
    request: { params: S.PersonParams },
  })
  @access({
    audience: 'business',
    permission: 'person.write',
    idempotency: 'optional',
    errors: ['not_found', 'edit_conflict', 'conflict'],
  })
  @body(S.PersonEdit)
  @responses(S.PersonDetail)
  async editPerson(req: Req<{ params: typeof S.PersonParams; body: typeof S.PersonEdit }>) {
    const { rev, ...facts } = req.body;
    return this.present(await this.write.edit(req, req.params.id, rev, facts), req);
  }

  @routeConfig({
    method: 'delete',
    path: '/api/business/people/{id}',
    operationId: 'deletePerson',
    summary: 'Into the recycle bin',
    tags,
    request: { params: S.PersonParams },
  })
  @access({
    audience: 'business',
    permission: 'person.delete',
    idempotency: 'optional',
    status: 204,
    errors: ['not_found'],
  })
  @body(S.DeleteInput)
  async deletePerson(req: Req<{ params: typeof S.PersonParams; body: typeof S.DeleteInput }>) {
    await this.write.remove(req, req.params.id, req.body.reason);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/people/{id}/restore',
    operationId: 'restorePerson',
    summary: 'Out of the recycle bin',
    tags,
    request: { params: S.PersonParams },
  })
  @access({
    audience: 'business',
    permission: 'person.delete',
    idempotency: 'optional',
    errors: ['not_found', 'conflict'],
  })
  @responses(S.PersonDetail)
  async restorePerson(req: One) {
    return this.present(await this.write.restore(req, req.params.id), req);
  }

  @routeConfig({
    method: 'post',
    path: '/api/business/people/{id}/reveal',
    operationId: 'revealPerson',
    summary: 'Clear values, for a reason; recorded',
    tags,
    request: { params: S.PersonParams },
  })
  @access({ audience: 'business', permission: 'personal.reveal', errors: ['not_found'] })
  @body(S.RevealInput)
  @responses(S.Revealed)
  revealPerson(req: Req<{ params: typeof S.PersonParams; body: typeof S.RevealInput }>) {
    return this.read.reveal(req, req.params.id, req.body.fields, req.body.reason);
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/people/{id}/timeline',
    operationId: 'getPersonTimeline',
    summary: 'Who changed what, newest first; masked',
    tags,
    request: { params: S.PersonParams },
  })
  @access({ audience: 'business', permission: 'person.read', errors: ['not_found'] })
  @responses(S.Timeline)
  getPersonTimeline({ params, caller, locale }: One) {
    return this.read.timeline(caller, locale, params.id);
  }
}

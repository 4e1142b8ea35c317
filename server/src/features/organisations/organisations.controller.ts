import { access, body, responses, routeConfig, type Req } from '../../http/index.ts';
import {
  OrganisationChange,
  OrganisationInput,
  OrganisationItem,
  OrganisationPage,
  OrganisationParams,
  OrganisationQuery,
} from './organisations.schema.ts';
import type { createOrganisationTree } from './organisations.service.ts';

export class OrganisationsController {
  readonly #tree: ReturnType<typeof createOrganisationTree>;

  constructor(tree: ReturnType<typeof createOrganisationTree>) {
    this.#tree = tree;
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/organisations',
    operationId: 'listOrganisations',
    summary: 'The organisations within scope, parents before children',
    tags: ['organisations'],
    request: { query: OrganisationQuery },
  })
  @access({ audience: 'system', permission: 'organisation.read' })
  @responses(OrganisationPage)
  async listOrganisations({ caller, query }: Req<{ query: typeof OrganisationQuery }>) {
    return this.#tree.list(caller, query);
  }

  @routeConfig({
    method: 'post',
    path: '/api/system/organisations',
    operationId: 'createOrganisation',
    summary: 'Add an organisation to the tree',
    tags: ['organisations'],
  })
  @access({
    audience: 'system',
    permission: 'organisation.write',
    idempotency: 'optional',
    status: 201,
    errors: ['name_taken'],
  })
  @body(OrganisationInput)
  @responses(OrganisationItem)
  async createOrganisation({ caller, ip, body }: Req<{ body: typeof OrganisationInput }>) {
    return this.#tree.create(caller, ip, body);
  }

  @routeConfig({
    method: 'put',
    path: '/api/system/organisations/{id}',
    operationId: 'renameOrganisation',
    summary: 'Rename an organisation',
    tags: ['organisations'],
    request: { params: OrganisationParams },
  })
  @access({
    audience: 'system',
    permission: 'organisation.write',
    idempotency: 'optional',
    errors: ['not_found', 'name_taken', 'edit_conflict'],
  })
  @body(OrganisationChange)
  @responses(OrganisationItem)
  async renameOrganisation({
    caller,
    ip,
    params,
    body,
  }: Req<{ params: typeof OrganisationParams; body: typeof OrganisationChange }>) {
    return this.#tree.rename(caller, ip, params.id, body);
  }
}

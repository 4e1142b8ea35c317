import { access, body, responses, routeConfig, Tagged, type Req } from '../../http/index.ts';
import { HomePageSchema, HomePageSettings } from './modules.schema.ts';
import type { ModulesService } from './modules.service.ts';

export class ModulesController {
  readonly #service: ModulesService;

  constructor(service: ModulesService) {
    this.#service = service;
  }

  @routeConfig({
    method: 'get',
    path: '/api/public/modules',
    operationId: 'getModules',
    summary: 'The home page of the mini-program: modules, maintenance, oldest shell',
    description: 'Carries an `ETag`; with `If-None-Match` it answers 304 while nothing has changed.',
    tags: ['modules'],
  })
  @access({ audience: 'public' })
  @responses(HomePageSchema)
  async getModules() {
    return new Tagged(await this.#service.home());
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/modules',
    operationId: 'getModuleSettings',
    summary: 'The home page of the mini-program, to be changed',
    tags: ['modules'],
  })
  @access({ audience: 'system', permission: 'module.write' })
  @responses(HomePageSettings)
  async getModuleSettings() {
    return this.#service.settings();
  }

  @routeConfig({
    method: 'put',
    path: '/api/system/modules',
    operationId: 'changeModules',
    summary: 'Change the home page of the mini-program, or announce maintenance',
    tags: ['modules'],
  })
  @access({ audience: 'system', permission: 'module.write', idempotency: 'optional', errors: ['edit_conflict'] })
  @body(HomePageSettings)
  @responses(HomePageSettings)
  async changeModules({ caller, ip, body }: Req<{ body: typeof HomePageSettings }>) {
    return this.#service.change(caller, ip, body);
  }
}

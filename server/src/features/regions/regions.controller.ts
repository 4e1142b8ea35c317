import { access, obj, Problem, responses, routeConfig, z, type Req } from '../../http/index.ts';
import type { RegionTree } from './regions.tree.ts';

const RegionCode = z
  .string()
  .regex(/^[1-9]\d{5}$/)
  .openapi({ example: '440300' });
const Query = obj({ parent: RegionCode.optional().openapi({ description: 'Absent: the provinces' }) });
const Level = obj({
  items: z.array(
    obj({ code: RegionCode, name: z.string(), level: z.enum(['province', 'city', 'county']), leaf: z.boolean() }),
  ),
});
type Asked<A extends 'public' | 'staff'> = Req<{ query: typeof Query }, A>;

/** Regions level by level: all of them would be far over a page's budget. */
export class RegionsController {
  readonly #tree: RegionTree;

  constructor(tree: RegionTree) {
    this.#tree = tree;
  }

  @routeConfig({
    method: 'get',
    path: '/api/citizen/regions',
    operationId: 'listRegions',
    summary: 'One level of regions',
    tags: ['regions'],
    request: { query: Query },
  })
  @access({ audience: 'public', errors: ['not_found'] })
  @responses(Level)
  async listRegions({ ctx, query }: Asked<'public'>) {
    const level = this.#level(query.parent);
    // The same for everybody and changed once a year: proxies and browsers may keep it.
    ctx.set('Cache-Control', 'public, max-age=86400');
    return level;
  }

  @routeConfig({
    method: 'get',
    path: '/api/system/regions',
    operationId: 'listRegionsForStaff',
    summary: 'One level of regions, for granting scope',
    tags: ['regions'],
    request: { query: Query },
  })
  @access({ audience: 'system', permission: 'account.read', errors: ['not_found'] })
  @responses(Level)
  async listRegionsForStaff({ query }: Asked<'staff'>) {
    return this.#level(query.parent);
  }

  #level(parent: string | undefined) {
    if (parent !== undefined && !this.#tree.exists(parent)) throw new Problem('not_found');
    return { items: [...this.#tree.children(parent ?? null)] };
  }
}

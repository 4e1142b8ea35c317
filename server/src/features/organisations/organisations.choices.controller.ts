import { access, Id, line, obj, responses, routeConfig, z, type Req } from '../../http/index.ts';
import type { OrganisationChoices } from './organisations.choices.ts';

const Query = obj({
  q: line(40).optional().openapi({ description: 'A part of the name' }),
  ids: z
    .string()
    .regex(/^[0-9a-f]{24}(,[0-9a-f]{24}){0,49}$/)
    .optional()
    .openapi({ description: 'Up to 50 ids, to learn their names' }),
});
const Choices = obj({
  items: z.array(
    obj({ id: Id, name: z.string(), parent: z.string().nullable().openapi({ description: 'The name of its parent' }) }),
  ),
});
type Asked<A extends 'citizen' | 'staff'> = Req<{ query: typeof Query }, A>;

const read = ({ q, ids }: { q?: string | undefined; ids?: string | undefined }) => ({ q, ids: ids?.split(',') });

/** Organisations to choose from in a form. */
export class OrganisationChoicesController {
  constructor(private readonly choices: OrganisationChoices) {}

  @routeConfig({
    method: 'get',
    path: '/api/citizen/organisations',
    operationId: 'listOrganisationChoices',
    summary: 'The first fifty organisations of a name, to choose one in a form',
    tags: ['organisations'],
    request: { query: Query },
  })
  @access({ audience: 'citizen' })
  @responses(Choices)
  async listOrganisationChoices({ query }: Asked<'citizen'>) {
    return { items: await this.choices.choices(read(query)) };
  }

  @routeConfig({
    method: 'get',
    path: '/api/business/organisations',
    operationId: 'listOrganisationChoicesForStaff',
    summary: 'The first fifty organisations of a name within scope, to choose one in a form',
    tags: ['organisations'],
    request: { query: Query },
  })
  @access({ audience: 'business', permission: 'submission.read' })
  @responses(Choices)
  async listOrganisationChoicesForStaff({ query, caller }: Asked<'staff'>) {
    return { items: await this.choices.choicesFor(caller, read(query)) };
  }
}

import { Id, line, obj, page, paging, z } from '../../http/index.ts';

const RegionCode = z
  .string()
  .regex(/^[1-9]\d{5}$/)
  .openapi({ example: '440300' });

export const OrganisationParams = obj({ id: Id });
export const OrganisationQuery = obj({ ...paging, parent: Id.optional() });
export const OrganisationInput = obj({
  name: line(80),
  parent: Id.nullable(),
  region: RegionCode.nullable().openapi({ description: 'null: the region of the parent' }),
});
export const OrganisationChange = obj({ name: line(80), rev: z.number().int().min(1) });
export const OrganisationItem = obj({
  id: Id,
  name: z.string(),
  parent: Id.nullable(),
  region: RegionCode.nullable(),
  path: z.array(Id),
  rev: z.number().int(),
});
export const OrganisationPage = page(OrganisationItem);

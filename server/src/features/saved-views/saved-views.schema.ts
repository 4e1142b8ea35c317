import { Id, line, obj, z } from '../../http/index.ts';
import { VIEW_LISTS } from './saved-views.model.ts';

const look = {
  filter: z
    .array(obj({ key: z.string().regex(/^[a-zA-Z]{1,40}$/), value: line(500) }))
    .max(20)
    .openapi({ description: 'Filters of the list, as its query has them' }),
  columns: z
    .array(z.string().regex(/^[A-Za-z0-9.]{1,80}$/))
    .max(300)
    .openapi({ description: 'Keys of columns in their order; none: the usual ones' }),
  sort: z
    .string()
    .max(60)
    .regex(/^-?[A-Za-z0-9.]+$/)
    .nullable(),
};

export const ViewParams = obj({ id: Id });
export const ViewsQuery = obj({ list: z.enum(VIEW_LISTS) });
export const ViewInput = obj({ list: z.enum(VIEW_LISTS), name: line(30), shared: z.boolean(), ...look });
export type ViewInput = z.output<typeof ViewInput>;
export const View = obj({
  id: Id,
  list: z.enum(VIEW_LISTS),
  name: z.string(),
  shared: z.boolean(),
  mine: z.boolean(),
  ...look,
});
export const Views = obj({ items: z.array(View) });

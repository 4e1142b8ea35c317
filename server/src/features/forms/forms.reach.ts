import type { Deps } from '../../deps.ts';
import { Problem, type StaffCaller } from '../../http/index.ts';
import { assertInScope } from '../scope/index.ts';
import { formModel, type FormDoc } from './forms.model.ts';

/** A form that the caller may do something to. @throws not_found, forbidden */
export type Reach = (caller: StaffCaller, permission: 'form.write' | 'form.publish', key: string) => Promise<FormDoc>;

/** Reading forms is not narrowed by data scope, since citizens can read them too; changing one is. */
export function createReach({ mongo }: Pick<Deps, 'mongo'>): Reach {
  const forms = formModel(mongo);
  return async (caller, permission, key) => {
    const form = await forms.findById(key).lean();
    if (!form) throw new Problem('not_found');
    assertInScope(caller, permission, form.scope);
    return form;
  };
}

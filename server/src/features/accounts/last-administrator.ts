import type { Deps } from '../../deps.ts';
import { Problem } from '../../http/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';
import { SUPER_ADMIN } from '../roles/index.ts';
import { accountModel, type AccountRecord } from './accounts.model.ts';

type Standing = Pick<AccountRecord, 'disabled' | 'grants'>;

/** Holds every permission everywhere, and can log in. */
export const isSuperAdmin = ({ disabled, grants = [] }: Standing): boolean =>
  !disabled &&
  grants.some(
    (grant) => grant.role === SUPER_ADMIN.key && grant.region === null && grant.organisation === null && !grant.own,
  );

const guardSchema = defineSchema<{ _id: string; changes: number }>({
  _id: { type: String, required: true },
  changes: { type: Number, required: true },
});

/**
 * Keeps one super administrator. Call inside the transaction that took the rights away: all such transactions write the same
 * guard document, so two at once conflict, one is repeated, and it sees what the other did.
 */
export function createLastAdministrator(deps: Pick<Deps, 'mongo'>) {
  const model = accountModel(deps.mongo);
  const guards = deps.mongo.models['AccountGuard'] ?? deps.mongo.model('AccountGuard', guardSchema, 'accountGuards');
  return {
    async assertOneRemains(before: Standing, after: Standing): Promise<void> {
      if (!isSuperAdmin(before) || isSuperAdmin(after)) return;
      await guards.updateOne({ _id: 'superAdmins' }, { $inc: { changes: 1 } }, { upsert: true });
      const everywhere = { role: SUPER_ADMIN.key, region: null, organisation: null, own: false };
      if (!(await model.exists({ kind: 'staff', disabled: false, grants: { $elemMatch: everywhere } })))
        throw new Problem('last_administrator');
    },
  };
}

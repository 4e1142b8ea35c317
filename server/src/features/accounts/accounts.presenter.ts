import type { AccountRecord } from './accounts.model.ts';

/** A staff account as administrators see it: no hash, no epoch. */
export function presentAccount(row: AccountRecord, locked: boolean) {
  return {
    id: String(row._id),
    name: row.name ?? '',
    displayName: row.displayName ?? '',
    disabled: row.disabled,
    locked,
    mustChangePassword: row.mustChangePassword ?? false,
    grants: (row.grants ?? []).map(({ role, region, organisation, own }) => ({ role, region, organisation, own })),
    createdAt: row.createdAt.toISOString(),
    rev: row.rev,
  };
}

export type PresentedAccount = ReturnType<typeof presentAccount>;

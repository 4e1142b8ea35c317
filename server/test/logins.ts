import type { Deps } from '../src/deps.ts';
import type { Features } from '../src/features/index.ts';
import { seedStaff } from '../src/features/seed/index.ts';
import { roleModel } from '../src/features/roles/index.ts';
import type { Permission } from '../shared/permissions.ts';
import type { TestApp } from './app.ts';
import type { Browser } from './browser.ts';

export const PASSWORD = 'Kx7-vurpal-Mot9';

export interface Staff {
  name: string;
  /** Permissions of a role made for this account, or the key of a role that is there. */
  can: Permission[] | string;
  region?: string;
  organisation?: string;
  own?: boolean;
  mustChangePassword?: boolean;
}

/** Makes a staff account (password PASSWORD); a list gives it several roles. */
export async function makeStaff(
  deps: Deps,
  features: Features,
  staff: Staff,
  more: Omit<Staff, 'name'>[] = [],
): Promise<void> {
  const grants = [];
  for (const [at, { can, region = null, organisation = null, own = false }] of [staff, ...more].entries()) {
    const role = typeof can === 'string' ? can : `of${staff.name.replace(/[^a-z0-9]/g, '')}${at}`;
    if (typeof can !== 'string') {
      await roleModel(deps.mongo).create([{ _id: role, label: { 'zh-CN': role }, permissions: can, rev: 1 }]);
      await features.roles.forget();
    }
    grants.push({ role, region, organisation, own });
  }
  const { name, mustChangePassword = false } = staff;
  if (!(await seedStaff(deps, features, { name, displayName: name, password: PASSWORD, mustChangePassword, grants })))
    throw new Error(`${name} is there already`);
}

/** A browser in which this member of staff has logged in. */
export async function logInStaff(app: TestApp, name: string, password = PASSWORD): Promise<Browser> {
  const browser = app.browser();
  const { status, body } = await browser.post('/api/staff/session', { name, password });
  if (status !== 200) throw new Error(`${name} could not log in: ${status} ${JSON.stringify(body)}`);
  return browser;
}

/** A browser in which the citizen with this phone has logged in. `sentCodes` is that of `makeDeps`. */
export async function logInCitizen(
  app: TestApp,
  sentCodes: (phone: string) => Promise<string[]>,
  phone: string,
): Promise<Browser> {
  const browser = app.browser();
  const asked = await browser.post('/api/citizen/login-codes', { phone });
  const code = (await sentCodes(phone)).at(-1);
  const { status, body } = await browser.post('/api/citizen/session', {
    loginCodeId: asked.body.loginCodeId,
    phone,
    code,
  });
  if (status !== 200) throw new Error(`${phone} could not log in: ${asked.status} ${status} ${JSON.stringify(body)}`);
  return browser;
}

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { createFeatures } from '../index.ts';
import { accountModel, verifyPassword } from '../accounts/index.ts';
import { roleModel } from '../roles/index.ts';
import { seedSystem } from './index.ts';

let t: TestDeps;
let folder: string;
const wipe = () => Promise.all(['accounts', 'roles'].map((name) => t.deps.mongo.collection(name).deleteMany({})));

beforeAll(async () => {
  t = await makeDeps();
  folder = await mkdtemp(join(tmpdir(), 'dengji-seed-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await t.close();
});

it('makes one administrator with a random password that only a private file knows', async () => {
  const firstLoginFile = join(folder, 'deep', 'first-login.json');
  const deps = { ...t.deps, config: { ...t.deps.config, firstLoginFile } };
  // Three processes at once.
  await Promise.all([1, 2, 3].map(() => seedSystem(deps, createFeatures(deps))));
  const { name, password } = JSON.parse(await readFile(firstLoginFile, 'utf8')) as { name: string; password: string };
  expect(name).toBe('admin');
  expect(password.length).toBeGreaterThanOrEqual(16);
  expect((await stat(firstLoginFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'deep'))).toEqual(['first-login.json']);
  const admins = await accountModel(deps.mongo).find().lean();
  expect(admins).toMatchObject([
    {
      name: 'admin',
      mustChangePassword: true,
      grants: [{ role: 'superAdmin', region: null, organisation: null, own: false }],
    },
  ]);
  expect(await verifyPassword(admins[0]!.passwordHash!, password)).toBe(true);
  expect(JSON.stringify(t.logged).includes(password)).toBe(false);

  await rm(firstLoginFile);
  await roleModel(deps.mongo).deleteOne({ _id: 'viewer' });
  await seedSystem(deps, createFeatures(deps));
  await expect(stat(firstLoginFile)).rejects.toThrow('ENOENT');
  expect(await roleModel(deps.mongo).exists({ _id: 'viewer' })).toBeNull();
});

it('takes a given password, and refuses to make one that nobody could learn', async () => {
  await wipe();
  const given = { ...t.deps, config: { ...t.deps.config, firstAdminPassword: 'Given-first-1', firstLoginFile: null } };
  await seedSystem(given, createFeatures(given));
  const admin = await accountModel(given.mongo).findOne({ name: 'admin' }).lean();
  expect(await verifyPassword(admin!.passwordHash!, 'Given-first-1')).toBe(true);
  await wipe();
  const neither = { ...t.deps, config: { ...t.deps.config, firstAdminPassword: null, firstLoginFile: null } };
  await expect(seedSystem(neither, createFeatures(neither))).rejects.toThrow('FIRST_LOGIN_FILE');
});

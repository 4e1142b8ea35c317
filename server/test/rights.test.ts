import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSION_NAMES, type Permission } from '../shared/permissions.ts';
import type { Route } from '../src/http/mount.ts';
import { makeApp, type TestApp } from './app.ts';
import type { Browser } from './browser.ts';
import { makeDeps, type TestDeps } from './deps.ts';
import { logInCitizen, logInStaff, makeStaff } from './logins.ts';

/** The routes that anybody may call. Adding one means writing it down here. */
const PUBLIC = [
  'GET /api/citizen/forms',
  'GET /api/citizen/forms/{formKey}',
  'GET /api/citizen/forms/{formKey}/versions/{number}',
  'GET /api/citizen/regions',
  'GET /api/public/modules',
  // Signed by the deployment: see features/releases.
  'POST /api/callbacks/releases/events',
  'POST /api/callbacks/releases/query',
  // Signed by the vendor: see features/deliveries.
  'POST /api/callbacks/sms-receipts',
  'POST /api/citizen/login-codes',
  'POST /api/citizen/session',
  'POST /api/citizen/session/ticket',
  'POST /api/citizen/wechat/login',
  'POST /api/staff/session',
];
/** What a body might smuggle in. */
const EXTRA = {
  isAdmin: true,
  permissions: ['*'],
  scope: {},
  _id: 'x',
  createdBy: 'x',
  __v: 1,
  deletedAt: null,
  accountId: 'x',
  sessionEpoch: 9,
  passwordHash: 'x',
};

let t: TestDeps;
let app: TestApp;
const at = (route: Route) => `${route.method} ${route.path}`;
const permissionOf = ({ access }: Route): Permission | null => ('permission' in access ? access.permission : null);
const call = (browser: Browser, { method, path, operationId, body: declared }: Route, body: unknown = {}) =>
  browser.call(
    method,
    path
      .replace('{number}', '1')
      .replace('{row}', '1')
      .replace('{formKey}', 'none')
      .replace('{key}', 'none')
      .replace('{subject}', 'none')
      .replace(/\{\w+\}/g, '65f0c0ffee0ddba11ca7b0a7'),
    method === 'GET' || (method === 'DELETE' && !declared) ? undefined : body,
    { 'idempotency-key': `${operationId}-${Math.random()}` },
  );

beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
});
afterAll(async () => {
  await app.close();
  await t.close();
});

it('control 22: every route says who may call it, and the public ones are on the list', () => {
  expect(
    app.routes
      .filter(({ access }) => access.audience === 'public')
      .map(at)
      .sort(),
  ).toEqual(PUBLIC);
  for (const route of app.routes) {
    if (/^\/api\/(business|system)\//.test(route.path))
      expect([at(route), permissionOf(route) !== null]).toEqual([at(route), true]);
    expect(route.path).toMatch(/^\/api\/(citizen|public|staff|business|system|callbacks)\//);
  }
});

describe('control 23: role × route', () => {
  it('nobody, and the other kind of caller, get 401 everywhere', async () => {
    const citizen = await logInCitizen(app, t.sentCodes, '13800000001');
    for (const route of app.routes.filter(({ access }) => access.audience !== 'public')) {
      expect([at(route), (await call(app.browser(), route)).status]).toEqual([at(route), 401]);
      if (route.access.audience !== 'citizen')
        expect([at(route), (await call(citizen, route)).status]).toEqual([at(route), 401]);
    }
  });

  it('each permission opens its own routes and no other', { timeout: 120_000 }, async () => {
    const backend = app.routes.filter((route) => permissionOf(route) !== null);
    const used = new Set(backend.map(permissionOf));
    // personal.reveal also guards; the rest of the permissions must each open something.
    expect(PERMISSION_NAMES.filter((name) => !used.has(name))).toEqual([]);
    for (const permission of PERMISSION_NAMES) {
      const name = `only-${permission}`;
      await makeStaff(t.deps, app.features, { name, can: [permission] });
      const browser = await logInStaff(app, name);
      for (const route of backend) {
        const { status, body } = await call(browser, route);
        const refused = status === 403 && body.code === 'forbidden';
        if (permissionOf(route) !== permission) expect([name, at(route), refused]).toEqual([name, at(route), true]);
        else expect([name, at(route), [401, 403].includes(status)]).toEqual([name, at(route), false]);
        expect([at(route), status < 500]).toEqual([at(route), true]);
      }
    }
  });

  it('a role without permissions opens nothing, and every refusal is on record', async () => {
    await makeStaff(t.deps, app.features, { name: 'nothing', can: [] });
    const browser = await logInStaff(app, 'nothing');
    const backend = app.routes.filter((route) => permissionOf(route) !== null);
    for (const route of backend) expect((await call(browser, route)).status).toBe(403);
    await sleep(200);
    const records = await t.deps.mongo
      .collection('audit')
      .countDocuments({ 'actor.name': 'nothing', action: 'access.denied' });
    expect(records).toBe(backend.length);
  });
});

it('control 26: no route with a body takes a field that it does not declare', async () => {
  await makeStaff(t.deps, app.features, { name: 'boss', can: 'superAdmin' });
  const boss = await logInStaff(app, 'boss');
  const citizen = await logInCitizen(app, t.sentCodes, '13800000002');
  const withBody = app.routes.filter((route) => route.body && !route.access.signed);
  expect(withBody.length).toBeGreaterThan(10);
  for (const route of withBody) {
    const { status, body } = await call(route.access.audience === 'citizen' ? citizen : boss, route, EXTRA);
    expect([at(route), status]).toEqual([at(route), 422]);
    const refused = body.issues
      .filter(({ code }: { code: string }) => code === 'unknown_field')
      .map(({ path }: { path: string }) => path);
    const declared = Object.keys((route.body as unknown as { shape: object }).shape);
    expect([at(route), refused.sort()]).toEqual([
      at(route),
      Object.keys(EXTRA)
        .filter((key) => !declared.includes(key))
        .map((key) => `body.${key}`)
        .sort(),
    ]);
  }
});

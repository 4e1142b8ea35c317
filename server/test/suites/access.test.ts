import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSION_NAMES } from '../../shared/permissions.ts';
import { createInternalApp } from '../../src/http/internal.ts';
import { createLifecycle } from '../../src/http/lifecycle.ts';
import { makeBrowser, type Answer, type Browser } from '../browser.ts';
import { makeWorld, newKey, type World } from '../factories.ts';
import { logInStaff } from '../logins.ts';
import {
  addressOf,
  GATE,
  operationsOf,
  refusalOf,
  sample,
  tableForm,
  type Operation,
  type Rights,
} from '../operations.ts';

/** What would need further rights inside the handler: giving away only what one has is another matter (see isolation). */
const BODIES: Record<string, (plausible: Record<string, unknown>) => unknown> = {
  createAccount: (body) => ({ ...body, grants: [] }),
  createRole: (body) => ({ ...body, permissions: [] }),
};
/** A role that is there holds what one might not have. */
const PATHS: Record<string, Record<string, string>> = {
  updateRole: { key: 'nobodys' },
  deleteRole: { key: 'nobodys' },
};
/** They end what the rest needs; they have a test of their own. */
const ENDS = /^logOut/;
interface Who extends Rights {
  name: string;
  browser: Browser;
}

describe('who may call what', () => {
  let world: World;
  let operations: Operation[];
  let callers: Who[];

  beforeAll(async () => {
    world = await makeWorld();
    operations = operationsOf(world.app.openapi);
    const staff = async (name: string, can: Parameters<World['staff']>[0] & object) => ({
      name,
      kind: 'staff' as const,
      browser: await world.staff({ name, ...can }),
      can: [] as readonly string[],
    });
    callers = [
      { name: 'anonymous', kind: 'anonymous', browser: world.anonymous(), can: [] },
      { name: 'citizen', kind: 'citizen', browser: await world.citizen(), can: [] },
      await staff('norights', { can: [] }),
      { ...(await staff('root', {})), can: PERMISSION_NAMES },
    ];
    for (const [at, permission] of PERMISSION_NAMES.entries())
      callers.push({
        ...(await staff(`only${at}`, { can: [permission] })),
        name: `only ${permission}`,
        can: [permission],
      });
  }, 120_000);
  afterAll(() => world.close());

  const send = (
    { browser }: Pick<Who, 'browser'>,
    operation: Operation,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const plausible = operation.body ? (sample(operation.body) as Record<string, unknown>) : undefined;
    const body = operation.multipart
      ? tableForm()
      : plausible && (BODIES[operation.operationId]?.(plausible) ?? plausible);
    return browser.call(operation.method, addressOf(operation, { path: PATHS[operation.operationId] ?? {} }), body, {
      ...(operation.idempotency ? { 'idempotency-key': newKey() } : {}),
      ...headers,
    });
  };

  it('every route says who may call it; the public ones are these (22)', () => {
    expect(world.app.routes.filter((route) => !route.access?.audience)).toEqual([]);
    expect(
      world.app.routes.filter(
        ({ access }) => ['business', 'system'].includes(access.audience) && !('permission' in access),
      ),
    ).toEqual([]);
    const open = world.app.routes
      .filter(({ access }) => access.audience === 'public')
      .map(({ operationId }) => operationId);
    expect(open.sort()).toEqual([
      'getFormVersionForCitizen',
      'getModules',
      'getOpenForm',
      'listOpenForms',
      'listRegions',
      'logInByWechat',
      'logInCitizen',
      'logInStaff',
      'queryReleases',
      'receiveSmsReceipt',
      'recordReleaseEvent',
      'sendLoginCode',
      'useTicket',
    ]);
  });

  it('role × route: refused exactly where the route says so, and never a server error (23)', async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const operation of operations.filter(({ operationId }) => !ENDS.test(operationId))) {
      await Promise.all(
        callers.map(async (who) => {
          const { status, body } = await send(who, operation);
          tried += 1;
          const refused = GATE.includes(body?.code) ? status : null;
          if (refused !== refusalOf(who, operation) || status >= 500)
            wrong.push(`${who.name} → ${operation.operationId}: ${status} ${body?.code}`);
        }),
      );
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(1_300);
  }, 120_000);

  it('a write that another site could send is refused on every write route (18)', async () => {
    // Another system has no session that a site could use: its requests are signed (see features/deliveries).
    const writes = operations.filter(({ method, signed }) => method !== 'GET' && !signed);
    const [citizen, root] = [callers[1]!, callers[3]!];
    const forged: Record<string, string>[] = [
      { 'x-requested-with': '' },
      { 'x-requested-with': 'XMLHttpRequest' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'x-requested-with': '', origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    ];
    const wrong: string[] = [];
    for (const operation of writes) {
      const who = operation.audience === 'citizen' ? citizen : root;
      for (const headers of forged) {
        const { status, body } = await send(who, operation, headers);
        if (status !== 403 || body.code !== 'csrf_refused')
          wrong.push(`${operation.operationId} ${JSON.stringify(headers)}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(writes.length).toBeGreaterThan(25);
  }, 60_000);

  it('every answer carries the security headers, with and without a session (20)', async () => {
    const wrong: string[] = [];
    const look = (what: string, { headers }: Answer, cached = false) => {
      const csp = headers.get('content-security-policy') ?? '';
      const has = {
        csp:
          /object-src 'none'|default-src 'none'/.test(csp) &&
          /base-uri 'none'/.test(csp) &&
          /frame-ancestors 'none'/.test(csp),
        nosniff: headers.get('x-content-type-options') === 'nosniff',
        referrer: headers.get('referrer-policy') !== null,
        store: cached || headers.get('cache-control') === 'no-store',
        requestId: headers.get('x-request-id') !== null,
      };
      for (const [name, there] of Object.entries(has)) if (!there) wrong.push(`${what}: ${name}`);
    };
    for (const operation of operations.filter(({ operationId }) => !ENDS.test(operationId))) {
      look(
        `anonymous ${operation.operationId}`,
        await send(callers[0]!, operation),
        ['listRegions', 'getModules'].includes(operation.operationId),
      );
      if (operation.audience !== 'public')
        look(
          operation.operationId,
          await send(operation.audience === 'citizen' ? callers[1]! : callers[3]!, operation),
        );
    }
    for (const path of [
      '/nothing',
      '/api/nothing',
      '/health/live',
      '/health/ready',
      '/api/docs',
      '/api/docs/problems',
      '/api/openapi.json',
    ])
      look(path, await callers[0]!.browser.get(path), path.startsWith('/nothing'));
    expect(wrong).toEqual([]);
  }, 60_000);

  it('with the first password nothing but changing it can be done (7)', async () => {
    const browser = await world.staff({ name: 'newcomer', mustChangePassword: true });
    const free = new Set(
      world.app.routes.filter(({ access }) => access.beforePasswordChange).map(({ operationId }) => operationId),
    );
    const codes = await Promise.all(
      operations
        .filter(
          ({ audience, operationId }) => ['staff', 'business', 'system'].includes(audience) && !free.has(operationId),
        )
        .map(async (one) => (await send({ browser }, one)).body?.code),
    );
    expect([...new Set(codes)]).toEqual(['password_change_required']);
    expect([...free].sort()).toEqual(['changePassword', 'getStaffSession', 'logOutStaff', 'logOutStaffEverywhere']);
  });

  it('whoever is logged in may log out, and is out then (14)', async () => {
    for (const how of ['session', 'sessions']) {
      const browser = how === 'session' ? callers[2]!.browser : await logInStaff(world.app, 'norights');
      const kept = makeBrowser(world.app.origin);
      for (const [name, value] of browser.cookies) kept.cookies.set(name, value);
      expect((await browser.delete(`/api/staff/${how}`)).status).toBe(204);
      expect((await kept.get('/api/staff/session')).status).toBe(401);
    }
    expect((await callers[1]!.browser.delete('/api/citizen/sessions')).status).toBe(204);
    expect((await callers[0]!.browser.delete('/api/citizen/session')).status).toBe(401);
  });

  it('metrics and dependencies are served on the internal port alone (63)', async () => {
    const internal = createServer(createInternalApp(world.deps, createLifecycle()).callback());
    await new Promise<void>((resolve) => internal.listen(0, '127.0.0.1', resolve));
    try {
      const inside = makeBrowser(`http://127.0.0.1:${(internal.address() as AddressInfo).port}`);
      for (const path of ['/metrics', '/health/dependencies', '/health/in-flight']) {
        expect((await inside.get(path)).status, path).toBe(200);
        for (const outside of [path, `/api${path}`, `//${path.slice(1)}`, `${path}/`])
          expect((await callers[3]!.browser.get(outside)).status, outside).toBe(404);
      }
      for (const path of ['/api/business/people', '/health/live']) expect((await inside.get(path)).status).toBe(404);
      for (const path of ['/debug', '/.env', '/server/package.json', '/api/system', '/graphql'])
        expect((await callers[3]!.browser.get(path)).status, path).toBe(404);
    } finally {
      internal.closeAllConnections();
      internal.close();
    }
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../../../test/app.ts';
import { makeDeps, type TestDeps } from '../../../test/deps.ts';
import { logInStaff, makeStaff } from '../../../test/logins.ts';
import { seedDemo } from './demo.ts';

let t: TestDeps;
let app: TestApp;
beforeAll(async () => {
  t = await makeDeps();
  app = await makeApp(t.deps);
});
afterAll(async () => {
  await app.close();
  await t.close();
});

it('the demonstration is there once, however often it is seeded, and leaves alone what was done since', async () => {
  await seedDemo(t.deps, app.features);
  await makeStaff(t.deps, app.features, { name: 'root', can: 'superAdmin' });
  const root = await logInStaff(app, 'root');
  const list = async () => (await root.get('/api/business/submissions?count=true&limit=200')).body;
  const first = await list();
  expect(first.total).toEqual({ count: 36, capped: false });
  expect((await root.get('/api/business/people?count=true')).body.total.count).toBe(36);
  expect(
    new Set(first.items.map(({ regionName }: { regionName: string }) => regionName.split('/')[0])).size,
  ).toBeGreaterThan(5);

  await root.delete(`/api/business/submissions/${first.items[0].id}`, { reason: '试一试' });
  await seedDemo(t.deps, app.features);
  expect((await list()).total.count).toBe(35);

  const overview = (await root.get('/api/business/overview')).body;
  expect(overview).toMatchObject({ today: '2026-11-21', submissions: 35, people: 36, openForms: 1, claimed: 0 });
  expect(overview.byDay).toHaveLength(7);
  expect(overview.byDay.at(-1)).toEqual({ day: '2026-11-21', count: overview.submissionsToday });
  const { workingVersion } = (await root.get('/api/business/forms/healthDeclaration')).body;
  await root.post('/api/business/forms/healthDeclaration/publish', { rev: workingVersion.rev });
  await seedDemo(t.deps, app.features);
  expect((await list()).total.count).toBe(35);
});

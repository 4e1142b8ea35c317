import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeApp, type TestApp } from '../app.ts';
import { makeDeps, type TestDeps } from '../deps.ts';

let test: TestDeps;
let app: TestApp;

beforeAll(async () => {
  test = await makeDeps();
  // The limits as they are in production.
  app = await makeApp(test.deps, { rateFactor: 1 });
});
afterAll(async () => {
  await app.close();
  await test.close();
});

const randomAddress = () => Array.from({ length: 4 }, () => 1 + Math.floor(Math.random() * 250)).join('.');

it('control 2, 21: 1,000 tries at 1,000 names from one address are stopped, whatever address they claim to come from', async () => {
  const browser = app.browser();
  const statuses: number[] = [];
  for (let at = 0; at < 1_000; at += 1) {
    const claims = {
      'x-forwarded-for': randomAddress(),
      'x-real-ip': randomAddress(),
      forwarded: `for=${randomAddress()}`,
    };
    const { status } = await browser.post(
      '/api/staff/session',
      { name: `somebody${at}`, password: 'Spring-2026!' },
      claims,
    );
    statuses.push(status);
  }
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(950);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
});

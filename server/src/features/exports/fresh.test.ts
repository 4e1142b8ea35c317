import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../../test/browser.ts';
import { makeWorld, must, type World } from '../../../test/factories.ts';
import { PASSWORD } from '../../../test/logins.ts';

describe('control 16: an export takes a fresh log-in', () => {
  let world: World;
  let clerk: Browser;
  beforeAll(async () => {
    world = await makeWorld();
    clerk = await world.staff({ name: 'clerk', can: ['person.read', 'submission.read', 'export.run'] });
  });
  afterAll(() => world.close());

  const ways: [string, () => Promise<{ status: number; body: { code?: string } }>][] = [
    ['people at once', () => clerk.get('/api/business/people/export')],
    ['records at once', () => clerk.get('/api/business/submissions/export')],
    ['a job', () => clerk.post('/api/business/exports', { list: 'people', reason: '核对' })],
  ];
  const codes = async () => {
    const found = [];
    for (const [name, ask] of ways) {
      const { status, body } = await ask();
      found.push([name, status < 300 ? 'done' : body.code]);
    }
    return found;
  };
  const all = (code: string) => ways.map(([name]) => [name, code]);

  it('is done for five minutes, then refused until the password is given once more', async () => {
    expect(await codes()).toEqual(all('done'));
    world.clock.advance(5 * 60_000);
    expect(await codes()).toEqual(all('fresh_login_required'));
    // Everything else goes on.
    must(await clerk.get('/api/business/people'), 200);
    const wrong = await clerk.post('/api/staff/session/confirm', { password: 'not this one' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'wrong_credentials']);
    expect(await codes()).toEqual(all('fresh_login_required'));
    must(await clerk.post('/api/staff/session/confirm', { password: PASSWORD }), 204);
    expect(await codes()).toEqual(all('done'));
  });

  it('is recorded, and locks like a log-in does', async () => {
    const root = await world.staff();
    const { items } = must(await root.get('/api/system/audit?action=login.confirmed'), 200).body;
    expect(items.length).toBe(1);
    for (let n = 0; n < 5; n += 1) await clerk.post('/api/staff/session/confirm', { password: 'wrong again' });
    expect((await clerk.post('/api/staff/session/confirm', { password: PASSWORD })).status).toBe(423);
  });
});
